import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { openLog } from './part-log';
import type { PartLog } from './part-log';
import type { PartName } from './part-names';

export interface ChildSpec {
  readonly name: PartName;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly cwd?: string;
  /** Whom it runs as; root only. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Node programs of ours say over this channel that they are ready, and end when it closes. */
  readonly ipc?: boolean;
  readonly stopSignal?: NodeJS.Signals;
  readonly graceMs: number;
}

export interface Child {
  readonly name: PartName;
  readonly pid: number;
  readonly log: PartLog;
  /** How it ended, once it has. Never rejects. */
  readonly exited: Promise<string>;
  /** The first message of a child with a channel. */
  readonly announced: Promise<unknown>;
  /** Asks it to stop and, past its grace, ends it by force. Returns when it is gone; may be called again. */
  stop(): Promise<void>;
  kill(): void;
}

/** Starts one process. Whoever supervises passes a launch of its own, which also remembers what it started. */
export type Launch = (spec: ChildSpec) => Child;

export const launchChild: Launch = (spec) => {
  const log = openLog(spec.logFile);
  const child = spawn(spec.command, spec.args, {
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...spec.user,
    env: spec.env,
    // A process group of its own: the terminal's Ctrl-C reaches the supervisor only, which then stops all in order.
    detached: true,
    stdio: ['ignore', log.descriptor, log.descriptor, ...(spec.ipc ? (['ipc'] as const) : [])],
  });
  closeSync(log.descriptor);
  const exited = ending(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${spec.command} cannot be run: is it there, and executable?`);

  let stopping: Promise<void> | undefined;
  const kill = () => signalGroup(pid, child);
  return {
    name: spec.name,
    pid,
    log,
    exited,
    announced: new Promise((resolve) => child.once('message', resolve)),
    kill,
    stop: () => {
      stopping ??= stopped(child, { exited, kill, signal: spec.stopSignal ?? 'SIGTERM', graceMs: spec.graceMs });
      return stopping;
    },
  };
};

const ending = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });

async function stopped(
  child: ChildProcess,
  how: { exited: Promise<string>; kill: () => void; signal: NodeJS.Signals; graceMs: number },
): Promise<void> {
  child.kill(how.signal);
  const timer = setTimeout(how.kill, how.graceMs);
  await how.exited;
  clearTimeout(timer);
}

function signalGroup(pid: number, child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // not yet the leader of a group, or gone
  }
}
