import type { Entry } from './entry';

/** Outcomes that change nothing about a key: the same call may be repeated, and is decided again. */
const PASSING: ReadonlySet<string> = new Set(['replayed', 'conflict', 'failed', 'blocked', 'rejected']);

/** Outcomes that leave a call undecided: another one follows. */
const OPEN: ReadonlySet<string> = new Set(['accepted', 'customer-action', 'pending']);

export const isOpen = ({ outcome }: Entry): boolean => OPEN.has(outcome);

interface Memory {
  readonly bodyDigest: string;
  /** Since it last did anything else. */
  failures: number;
  settled?: Entry;
}

/** What two calls under one key have in common if they are the same: of refunds there may be several. */
export type Deed = Pick<Entry, 'operation' | 'refund'>;

const nameOf = ({ operation, refund }: Deed): string => (refund === undefined ? operation : `${operation} ${refund}`);

/** What a provider remembers about one key, by operation: the first body and the answer that counts. */
export class KeyRecord {
  readonly #deeds = new Map<string, Memory>();

  /** The only way state changes, both live and at boot, so that a restart cannot remember anything else. */
  apply(entry: Entry): void {
    const memory = this.#deeds.get(nameOf(entry)) ?? { bodyDigest: entry.bodyDigest, failures: 0 };
    memory.failures = entry.outcome === 'failed' ? memory.failures + 1 : 0;
    const undecided = memory.settled === undefined || isOpen(memory.settled);
    if (undecided && !PASSING.has(entry.outcome)) memory.settled = entry;
    this.#deeds.set(nameOf(entry), memory);
  }

  settled(operation: string, refund?: string): Entry | undefined {
    return this.#deeds.get(nameOf({ operation, ...(refund === undefined ? {} : { refund }) }))?.settled;
  }

  /** Of an operation that may be done several times. */
  settledOfEach(operation: string): Entry[] {
    return [...this.#deeds.values()].flatMap(({ settled }) => (settled?.operation === operation ? [settled] : []));
  }

  failures(deed: Deed): number {
    return this.#deeds.get(nameOf(deed))?.failures ?? 0;
  }

  /** A provider key never carries two bodies, not even if the first one was answered with a fault. */
  conflicts(deed: Deed, bodyDigest: string): boolean {
    const memory = this.#deeds.get(nameOf(deed));
    return memory !== undefined && memory.bodyDigest !== bodyDigest;
  }
}
