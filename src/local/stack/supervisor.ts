import { setTimeout as rest } from 'node:timers/promises';
import { launchChild } from './child';
import type { Child, Launch } from './child';
import { PART_NAMES, PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import type { ProcessRegistry } from './process-registry';

const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 5_000;
/** A part that was ready for this long was well: when it dies, its rests start from the shortest again. */
const STEADY_MS = 1_000;
const NOTE_AGAIN_MS = 1_000;
/** In which no program fills a disk. */
const LOOK_AT_LOG_MS = 1_000;

export interface SupervisorOptions {
  readonly registry: ProcessRegistry;
  readonly say: (line: string) => void;
  /** Aborted by whoever wants the stack to end: nothing is launched from then on. */
  readonly signal: AbortSignal;
  /** A part that was started again has another pid, or one that could not be written down can be. Must not throw. */
  readonly onRestart: () => void;
}

function keepLogSmall({ log, exited }: Child): void {
  const timer = setInterval(log.keepSmall, LOOK_AT_LOG_MS).unref();
  void exited.then(() => clearInterval(timer));
}

/** Launches the parts, starts again those that die, and stops all of them in order. */
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
    // At once: if we are killed now, the next start must find it. That it is gone, the next start would see by itself.
    this.#record(child);
    // Our own parts do it themselves.
    if (!spec.ipc) keepLogSmall(child);
    void child.exited.then(() => registry.forget(child.pid)).catch(() => undefined);
    return child;
  };

  /** A full disk is no reason to lose hold of a process that runs. */
  #record(child: Child): void {
    const { name, pid } = child;
    try {
      this.#options.registry.record(name, pid);
    } catch (error) {
      this.#options.say(
        `${PART_TITLES[name]} runs as process ${pid}, which could not be noted: ${(error as Error).message}`,
      );
      // Rejects only when the stack is stopping.
      void this.#recordLater(child).catch(() => undefined);
    }
  }

  /** As soon as it can be: a start after our own death would not find the process. */
  async #recordLater({ name, pid }: Child): Promise<void> {
    const { registry, signal, onRestart } = this.#options;
    for (let noted = false; !noted;) {
      await rest(NOTE_AGAIN_MS, undefined, { signal });
      try {
        registry.record(name, pid);
        noted = true;
      } catch {
        // Still full.
      }
    }
    onRestart();
  }

  /** From now on a part that dies is started again, with growing rests, by `start`. */
  keep(child: Child, start: () => Promise<Child>): void {
    // Rejects only when the stack is stopping, which is the end of keeping.
    void this.#keep(child, start).catch(() => undefined);
  }

  pids(): Partial<Record<PartName, number>> {
    return Object.fromEntries([...this.#children].map(([name, { pid }]) => [name, pid]));
  }

  /** Call it after the signal was aborted. */
  async stop(): Promise<void> {
    for (const name of PART_NAMES) {
      const child = this.#children.get(name);
      if (child === undefined) continue;
      this.#options.say(`Stopping ${PART_TITLES[name]}`);
      await child.stop();
    }
  }

  /** Without any order or patience. What was acknowledged is on disk even so. */
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

      child = await this.#startAgain(start, restMs);
      restMs = Math.min(restMs * 2, LONGEST_REST_MS);
      onRestart();
    }
  }

  async #startAgain(start: () => Promise<Child>, firstRestMs: number): Promise<Child> {
    const { signal } = this.#options;
    for (let restMs = firstRestMs; ; restMs = Math.min(restMs * 2, LONGEST_REST_MS)) {
      await rest(restMs, undefined, { signal });
      try {
        return await start();
      } catch {
        // Its log says why. It may need a part that is being started again itself: keep trying.
        signal.throwIfAborted();
      }
    }
  }
}
