import type { ProviderFault } from '../../ports/provider-fault';
import { LONGEST_REQUEST_MS } from './pause';

/** Bounds the memory. A key that is forgotten is looked for in Postgres, or is simply called again. */
const MOST_KEYS = 10_000;

interface Unsettled {
  /** Whether a call with the key may have acted: its answer is unknown, or still to come. */
  readonly mayHaveActed: boolean;
  /** The provider asked to be left alone until then. */
  readonly restUntil: number;
}

/**
 * What this process remembers of keys whose last call got no usable answer. It is there before the row in Postgres is, which nobody waits
 * for, and a first regular attempt follows a local one at once.
 */
export class UnsettledKeys {
  readonly #keys = new Map<string, Unsettled>();

  constructor(private readonly now: () => number) {}

  mayHaveActed(key: string): boolean {
    return this.#keys.get(key)?.mayHaveActed ?? false;
  }

  /** Milliseconds for which the provider still wants no call with this key. */
  restMs(key: string): number {
    return Math.max((this.#keys.get(key)?.restUntil ?? 0) - this.now(), 0);
  }

  sent(key: string): void {
    this.#remember(key, { mayHaveActed: true, restUntil: 0 });
  }

  answered(key: string): void {
    this.#keys.delete(key);
  }

  /** `before`: what `mayHaveActed` was before the call. */
  failed(key: string, { mayHaveActed, retryAfterMs = 0 }: ProviderFault, before: boolean): void {
    this.#remember(key, {
      mayHaveActed: mayHaveActed || before,
      restUntil: this.now() + Math.min(retryAfterMs, LONGEST_REQUEST_MS),
    });
  }

  #remember(key: string, what: Unsettled): void {
    // Last in, so that the oldest key is the first to be forgotten.
    this.#keys.delete(key);
    this.#keys.set(key, what);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MOST_KEYS && oldest !== undefined) this.#keys.delete(oldest);
  }
}
