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
import { signalIfRunning } from '../support/signal-tree';

/** A recovery or a promotion takes seconds; on a busy machine it may take long. */
const BACK_WITHIN_MS = 60_000;

export interface PartsOptions {
  readonly dataDir: string;
  readonly orphans: ReturnType<typeof deadMansSwitch>;
}

/** The processes of a run. Each is restarted when it ends, at the same address. */
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

  /** Launches a part that ends with us, however we end. */
  readonly launch: Launch = (spec) => this.#watched(this.#supervisor.launch(spec));

  /** The same for a process that may replace a part later: it is not restarted. */
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

  /** Starts a part, and from then on restarts it with `again`. */
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
   * Ends it, keeps it down for `downMs`, and returns when it is ready again. If the signal aborts in the meantime, it is
   * no longer kept down, but still waited for: the next fault expects it there.
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
    signalIfRunning(struck, how);
    await this.#atWork(name, struck, within(BACK_WITHIN_MS, this.#over.signal)).finally(() =>
      signal.removeEventListener('abort', bringBack),
    );
  }

  /** Stops it in the middle of its work, then continues it. */
  async freeze(name: PartName, ms: number, signal: AbortSignal): Promise<void> {
    const pid = await this.#atWork(name, undefined, signal);
    signalIfRunning(pid, 'SIGSTOP');
    // The pause itself is the fault: there is nothing to wait for.
    await rest(ms, undefined, { signal }).finally(() => signalIfRunning(pid, 'SIGCONT'));
  }

  /** Returns when all parts are ready; none is kept down any longer. */
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
