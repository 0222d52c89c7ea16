import { bringUp } from './bring-up';
import type { Preparation, StackAddresses } from './bring-up';
import { openDataDir } from './data-dir';
import { FreePorts } from './free-ports';
import { Progress } from './progress';
import { removeStackFile, writeStackFile } from './stack-file';
import type { StackFile } from './stack-file';
import type { StackSettings } from './stack-settings';
import { Supervisor } from './supervisor';

export interface StackRun {
  readonly fresh: boolean;
  readonly say: (line: string) => void;
  /** Called once everything is ready. */
  readonly onReady: (stack: StackFile) => void;
  readonly prepare: Preparation;
  /** Aborted to stop in order, and to stop immediately. */
  readonly stop: AbortSignal;
  readonly stopAtOnce: AbortSignal;
}

/** Runs a whole stack until `stop`. Everything it started has stopped when it returns or throws. */
export async function runStack(settings: StackSettings, run: StackRun): Promise<void> {
  const { say, stop } = run;
  const { registry, release } = await openDataDir(settings.dataDir, { fresh: run.fresh, say });
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);

  let addresses: StackAddresses | undefined;
  const stack = (known: StackAddresses): StackFile => ({
    ...known,
    pids: { start: process.pid, ...supervisor.pids() },
  });
  const publish = () => {
    if (addresses && !signal.aborted) writeStackFile(settings.dataDir, stack(addresses));
  };
  const supervisor = new Supervisor({ registry, say, signal, onRestart: () => tell(say, publish) });
  run.stopAtOnce.addEventListener('abort', () => supervisor.kill());
  try {
    const site = { settings, supervisor, ports: new FreePorts(), progress: new Progress(say), signal };
    addresses = await bringUp(site, run.prepare);
    publish();
    run.onReady(stack(addresses));
    await aborted(stop);
  } catch (error) {
    // Interrupted while starting: the interrupt is the reason for the failure.
    if (!stop.aborted) throw error;
  } finally {
    over.abort();
    removeStackFile(settings.dataDir);
    await supervisor.stop();
    release();
  }
}

/** A full disk, or a data directory that was removed, is no reason to stop supervising the parts. */
function tell(say: (line: string) => void, work: () => void): void {
  try {
    work();
  } catch (error) {
    say(`stack.json is out of date: ${(error as Error).message}`);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
