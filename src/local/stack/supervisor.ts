import { setTimeout as rest } from 'node:timers/promises';
import { launchChild } from './child';
import type { Child, Launch } from './child';
import { PART_NAMES, PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import type { ProcessRegistry } from './process-registry';

const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 5_000;
/** A part that ran this long was healthy: when it dies, its back-off starts again from the shortest rest. */
const STEADY_MS = 1_000;
const RECORD_AGAIN_MS = 1_000;
/** Too short for a program to fill a disk. */
const CHECK_LOG_MS = 1_000;

export interface SupervisorOptions {
  readonly registry: ProcessRegistry;
  readonly say: (line: string) => void;
  /** Aborted to end the stack: nothing is launched from then on. */
  readonly signal: AbortSignal;
  /** Called when a pid has changed, or could at last be recorded. Must not throw. */
  readonly onRestart: () => void;
}

function keepLogSmall({ log, exited }: Child): void {
  const timer = setInterval(log.keepSmall, CHECK_LOG_MS).unref();
  void exited.then(() => clearInterval(timer));
}

/** Launches the parts, restarts those that die, and stops all of them in order. */
export class Supervisor {
  readonly #children = new Map<PartName, Child>();
  readonly #options: SupervisorOptions;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  readonly launch: Launch = (spec) => {
    const { signal, registry } = this.#options;
    signal.throwIfAborted();
    const child = launchChild(spec);
    this.#children.set(child.name, child);
    // Immediately: if we are killed now, the next start must find the process.
    this.#record(child);
    // Our own parts rotate their logs themselves.
    if (!spec.ipc) keepLogSmall(child);
    void child.exited.then(() => registry.forget(child.pid)).catch(() => undefined);
    return child;
  };

  /** A full disk is no reason to lose track of a running process. */
  #record(child: Child): void {
    const { name, pid } = child;
    try {
      this.#options.registry.record(name, pid);
    } catch (error) {
      this.#options.say(
        `${PART_TITLES[name]} runs as process ${pid}, which could not be recorded: ${(error as Error).message}`,
      );
      // Rejects only when the stack is stopping.
      void this.#recordLater(child).catch(() => undefined);
    }
  }

  /** Retries until it works: without the record, a start after our own death would not find the process. */
  async #recordLater({ name, pid }: Child): Promise<void> {
    const { registry, signal, onRestart } = this.#options;
    for (let recorded = false; !recorded;) {
      await rest(RECORD_AGAIN_MS, undefined, { signal });
      try {
        registry.record(name, pid);
        recorded = true;
      } catch {
        // The disk is still full.
      }
    }
    onRestart();
  }

  /** From now on, `start` restarts the part whenever it dies, with back-off. */
  keep(child: Child, start: () => Promise<Child>): void {
    // Rejects only when the stack is stopping.
    void this.#keep(child, start).catch(() => undefined);
  }

  pids(): Partial<Record<PartName, number>> {
    return Object.fromEntries([...this.#children].map(([name, { pid }]) => [name, pid]));
  }

  /** Call it only after the signal was aborted. */
  async stop(): Promise<void> {
    for (const name of PART_NAMES) {
      const child = this.#children.get(name);
      if (child === undefined) continue;
      this.#options.say(`Stopping ${PART_TITLES[name]}`);
      await child.stop();
    }
  }

  /** Kills all parts immediately, in no order. What was acknowledged is on disk anyway. */
  kill(): void {
    for (const child of this.#children.values()) child.kill();
  }

  async #keep(first: Child, start: () => Promise<Child>): Promise<never> {
    const { say, signal, onRestart } = this.#options;
    let child = first;
    let restMs = FIRST_REST_MS;
    for (;;) {
      const since = performance.now();
      const how = await child.exited;
      signal.throwIfAborted();
      if (performance.now() - since > STEADY_MS) restMs = FIRST_REST_MS;
      say(`${PART_TITLES[child.name]} stopped (${how}); starting it again. Its log: ${child.log.file}`);

      child = await this.#restart(start, restMs);
      restMs = Math.min(restMs * 2, LONGEST_REST_MS);
      onRestart();
    }
  }

  async #restart(start: () => Promise<Child>, firstRestMs: number): Promise<Child> {
    const { signal } = this.#options;
    for (let restMs = firstRestMs; ; restMs = Math.min(restMs * 2, LONGEST_REST_MS)) {
      await rest(restMs, undefined, { signal });
      try {
        return await start();
      } catch {
        // Its log says why. It may need a part that is itself being restarted: keep trying.
        signal.throwIfAborted();
      }
    }
  }
}
