import { setTimeout as rest } from 'node:timers/promises';
import { processIdentity } from './process-identity';

const CHECK_EVERY_MS = 50;
/** The kernel needs a moment to free the memory of a big process. */
const KILLED_WITHIN_MS = 10_000;

/** Ends a process that is not our child: with `signal`, then by force. Returns once it is gone. */
export async function endProcess(
  { pid, identity }: { pid: number; identity: string },
  { signal, graceMs }: { signal: NodeJS.Signals; graceMs: number },
): Promise<void> {
  const isGone = () => processIdentity(pid) !== identity;

  send(pid, signal);
  if (await within(graceMs, isGone)) return;
  send(pid, 'SIGKILL');
  if (!(await within(KILLED_WITHIN_MS, isGone))) throw new Error(`Process ${pid} did not end, not even after SIGKILL`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone between the check and the signal, which is fine.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function within(ms: number, isDone: () => boolean): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!isDone()) {
    if (performance.now() > deadline) return false;
    await rest(CHECK_EVERY_MS);
  }
  return true;
}
