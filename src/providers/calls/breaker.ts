import { circuitBreaker, CircuitState, ConsecutiveBreaker, CountBreaker, handleAll } from 'cockatiel';
import type { CircuitBreakerPolicy, IBackoff } from 'cockatiel';
import { ProviderFault } from '../../ports/provider-fault';
import { ProbeRound } from './probe-round';

/** Opens after five failures in a row, or when half of the last twenty calls failed. */
const IN_A_ROW = 5;
const LATEST = 20;
/** cockatiel opens above the threshold, and half is enough. */
const HALF = (LATEST / 2 - 0.5) / LATEST;
/** One shopper's card that always fails opens nothing. */
const DIFFERENT_KEYS = 3;
const OPEN_MS = 30_000;
/** So that those who wait for it do not come back together. */
const SPREAD = 0.2;
/** While probes are under way, the others look again soon: from one to two seconds later. */
const PROBING_MS = 1_000;

const STATES = { [CircuitState.Closed]: 'closed', [CircuitState.HalfOpen]: 'half-open' } as const;
export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerOptions {
  /** The role, for the sentence of a call that was not made. */
  readonly role: string;
  readonly onChange: (state: BreakerState) => void;
  /** Milliseconds of a clock that nobody can set. */
  readonly now: () => number;
}

/**
 * Keeps calls from a provider that is away. Only failures that concern every call count: see `isAway`. While it is open, a call fails at
 * once with `breaker-open` and the time left; then a round of probes decides whether it closes.
 */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;
  /** For each of the latest calls, the key that failed. */
  #latest: (string | undefined)[] = [];
  #probesAt = 0;
  #round: ProbeRound | undefined;

  constructor(private readonly options: BreakerOptions) {
    const inARow = new ConsecutiveBreaker(IN_A_ROW);
    const ofTwenty = new CountBreaker({ threshold: HALF, size: LATEST });
    this.#policy = circuitBreaker(handleAll, {
      halfOpenAfter: { next: () => this.#untilProbes() },
      breaker: {
        state: undefined,
        success: (state) => {
          inARow.success();
          ofTwenty.success(state);
        },
        failure: (state) => {
          const trips = [inARow.failure(), ofTwenty.failure(state)];
          const keys = new Set(this.#latest.filter((key) => key !== undefined));
          return trips.includes(true) && keys.size >= DIFFERENT_KEYS;
        },
      },
    });
    this.#policy.onStateChange(() => {
      if (this.state === 'closed') this.#latest = [];
      options.onChange(this.state);
    });
  }

  get state(): BreakerState {
    return this.#policy.state in STATES ? STATES[this.#policy.state as keyof typeof STATES] : 'open';
  }

  async call<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.state === 'closed') return this.#count(key, work);
    const leftMs = this.#probesAt - this.options.now();
    if (this.state === 'open' && leftMs > 0) throw this.#refusal(leftMs * (1 + SPREAD * Math.random()));
    this.#round ??= this.#startRound();
    if (this.#round.isFull) throw this.#refusal(PROBING_MS * (1 + Math.random()));
    return this.#round.join(work, isAway);
  }

  async #count<T>(key: string, work: () => Promise<T>): Promise<T> {
    const settled = await this.#policy.execute(async () => {
      try {
        const answer = await work();
        this.#note(undefined);
        return { answer };
      } catch (error) {
        this.#note(isAway(error) ? key : undefined);
        if (isAway(error)) throw error;
        // The provider answered, if not well: for the breaker that is a success.
        return { error };
      }
    });
    if ('error' in settled) throw settled.error;
    return settled.answer;
  }

  #note(failed: string | undefined): void {
    this.#latest = [...this.#latest, failed].slice(-LATEST);
  }

  #startRound(): ProbeRound {
    const round = new ProbeRound();
    // A failure of the round is a failure of its calls, whose callers know.
    const ended = () => void (this.#round = undefined);
    this.#policy.execute(() => round.verdict).then(ended, ended);
    return round;
  }

  /**
   * cockatiel asks the host's clock how long it has been open: set back by an hour, it would stay open for an hour. So it is told `not yet`
   * or `now` instead of a duration.
   */
  #untilProbes(): IBackoff<unknown> {
    const { now } = this.options;
    const probesAt = now() + OPEN_MS;
    this.#probesAt = probesAt;
    return {
      get duration() {
        return now() < probesAt ? Infinity : -Infinity;
      },
      next: () => this.#untilProbes(),
    };
  }

  #refusal(retryAfterMs: number): ProviderFault {
    const sentence = `The provider for ${this.options.role} is away, so it was not called`;
    return new ProviderFault('breaker-open', sentence, { retryAfterMs: Math.round(retryAfterMs) });
  }
}

const isAway = (error: unknown): boolean => error instanceof ProviderFault && error.isAway;
