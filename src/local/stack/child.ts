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
  /** The user it runs as; only root may set it. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Our own Node programs announce over this channel that they are ready, and exit when it closes. */
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
  /** Asks it to stop, and kills it after its grace period. Returns when it is gone; may be called again. */
  stop(): Promise<void>;
  kill(): void;
}

/** Starts one process. A supervisor passes its own `Launch`, which also records what it started. */
export type Launch = (spec: ChildSpec) => Child;

export const launchChild: Launch = (spec) => {
  const log = openLog(spec.logFile);
  const child = spawn(spec.command, spec.args, {
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...spec.user,
    env: spec.env,
    // Its own process group: Ctrl-C in the terminal reaches only the supervisor, which then stops everything in order.
    detached: true,
    stdio: ['ignore', log.descriptor, log.descriptor, ...(spec.ipc ? (['ipc'] as const) : [])],
  });
  closeSync(log.descriptor);
  const exited = ending(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${spec.command} cannot be run: does it exist, and is it executable?`);

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
    child.kill('SIGKILL'); // not a group leader yet, or gone
  }
}
