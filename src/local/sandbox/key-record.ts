import type { Entry } from './entry';

/** Outcomes that change nothing about a key: the same call may be repeated, and is decided again. */
const PASSING: ReadonlySet<string> = new Set(['replayed', 'conflict', 'failed', 'blocked', 'rejected']);

interface Memory {
  readonly bodyDigest: string;
  failedLast: boolean;
  settled?: Entry;
}

/** What a provider remembers about one key, by operation: the first body and the final answer. */
export class KeyRecord {
  readonly #operations = new Map<string, Memory>();

  /** The only way state changes, both live and at boot, so that a restart cannot remember anything else. */
  apply(entry: Entry): void {
    const memory = this.#operations.get(entry.operation) ?? { bodyDigest: entry.bodyDigest, failedLast: false };
    memory.failedLast = entry.outcome === 'failed';
    if (!PASSING.has(entry.outcome)) memory.settled ??= entry;
    this.#operations.set(entry.operation, memory);
  }

  settled(operation: string): Entry | undefined {
    return this.#operations.get(operation)?.settled;
  }

  failedLast(operation: string): boolean {
    return this.#operations.get(operation)?.failedLast ?? false;
  }

  /** A provider key never carries two bodies, not even if the first one was answered with a fault. */
  conflicts(operation: string, bodyDigest: string): boolean {
    const memory = this.#operations.get(operation);
    return memory !== undefined && memory.bodyDigest !== bodyDigest;
  }
}
