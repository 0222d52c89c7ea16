import { setTimeout as rest } from 'node:timers/promises';
import path from 'node:path';
import { launchChild } from '../../src/local/stack/child';
import type { Child, Launch } from '../../src/local/stack/child';
import type { PartName } from '../../src/local/stack/part-names';
import { within } from '../../src/runtime/time-limit';
import { ProcessRegistry } from '../../src/local/stack/process-registry';
import { Supervisor } from '../../src/local/stack/supervisor';
import type { deadMansSwitch } from '../support/dead-mans-switch';
import { eventually } from '../support/eventually';

/** Recovery and a promotion take seconds; a machine that is busy may take long. */
const BACK_WITHIN_MS = 60_000;

export interface PartsOptions {
  readonly dataDir: string;
  readonly orphans: ReturnType<typeof deadMansSwitch>;
}

/** The processes of a run. Each is started again when it ends, at the address that it had. */
export class Parts {
  readonly #supervisor: Supervisor;
  readonly #over = new AbortController();
  readonly #ready = new Map<PartName, number>();
  readonly #downUntil = new Map<PartName, number>();
  readonly #names: PartName[] = [];
  readonly #apart: Child[] = [];

  constructor(private readonly options: PartsOptions) {
    const registry = new ProcessRegistry(path.join(options.dataDir, 'processes.json'));
    const silence = () => undefined;
    this.#supervisor = new Supervisor({ registry, say: silence, signal: this.#over.signal, onRestart: silence });
  }

  /** For whoever starts a part: what we start ends with us, whichever way we end. */
  readonly launch: Launch = (spec) => this.#watched(this.#supervisor.launch(spec));

  /** The same for one that takes the place of a part later, or never: it is not started again. */
  readonly launchApart: Launch = (spec) => {
    const child = this.#watched(launchChild(spec));
    this.#apart.push(child);
    return child;
  };

  #watched(child: Child): Child {
    const { orphans } = this.options;
    orphans.watch(child.pid);
    void child.exited.then(() => orphans.forget(child.pid));
    return child;
  }

  /** Starts a part, and from then on again, by `again`. */
  async begin<Running extends { readonly child: Child }>(
    name: PartName,
    start: () => Promise<Running>,
    again: () => Promise<{ readonly child: Child }> = start,
  ): Promise<Running> {
    this.#names.push(name);
    const running = await start();
    this.#isReady(name, running.child);
    this.#supervisor.keep(running.child, async () => {
      await eventually(() => Date.now() >= (this.#downUntil.get(name) ?? 0) || undefined);
      const { child } = await again();
      this.#isReady(name, child);
      return child;
    });
    return running;
  }

  has(name: PartName): boolean {
    return this.#names.includes(name);
  }

  pids(): Readonly<Partial<Record<PartName, number>>> {
    return this.#supervisor.pids();
  }

  /**
   * Ends it, keeps it down for so long, and returns when it is at work again. When the signal aborts meanwhile, it is
   * kept down no longer, and waited for all the same: the fault that comes next expects it there.
   */
  async end(
    name: PartName,
    { how, downMs = 0 }: { how: NodeJS.Signals; downMs?: number },
    signal: AbortSignal,
  ): Promise<void> {
    const struck = await this.#atWork(name, undefined, signal);
    this.#downUntil.set(name, Date.now() + downMs);
    const bringBack = () => this.#downUntil.delete(name);
    signal.addEventListener('abort', bringBack, { once: true });
    send(struck, how);
    await this.#atWork(name, struck, within(BACK_WITHIN_MS, this.#over.signal)).finally(() =>
      signal.removeEventListener('abort', bringBack),
    );
  }

  /** Stops it in the middle of whatever it does, and lets it go on. */
  async freeze(name: PartName, ms: number, signal: AbortSignal): Promise<void> {
    const pid = await this.#atWork(name, undefined, signal);
    send(pid, 'SIGSTOP');
    // The time is the fault: there is nothing to wait for.
    await rest(ms, undefined, { signal }).finally(() => send(pid, 'SIGCONT'));
  }

  /** All of them are at work; none is kept down any longer. */
  async recover(): Promise<void> {
    this.#downUntil.clear();
    for (const name of this.#names) await this.#atWork(name, undefined, this.#over.signal);
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#supervisor.stop();
    for (const child of this.#apart) await child.stop();
  }

  #atWork(name: PartName, besides: number | undefined, signal: AbortSignal): Promise<number> {
    return eventually(() => {
      signal.throwIfAborted();
      const pid = this.#ready.get(name);
      return pid === besides ? undefined : pid;
    });
  }

  #isReady(name: PartName, { pid, exited }: Child): void {
    this.#ready.set(name, pid);
    void exited.then(() => {
      if (this.#ready.get(name) === pid) this.#ready.delete(name);
    });
  }
}

/** It may have been struck by another fault, or have ended by itself. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
