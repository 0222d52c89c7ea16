/**
 * What was wrong with a call to a provider, in the words of log lines, metrics and `provider_attempts`: add, never rename.
 * All but the first four are the provider's or our own mistake, and concern one call.
 */
export const FAULTS = [
  'unreachable',
  'timed-out',
  'rate-limited',
  'server-error',
  'bad-certificate',
  'redirected',
  'refused-call',
  'key-reused',
  'not-json',
  'too-large',
  'unknown-outcome',
  'unusable-answer',
  'other-amount',
  'breaker-open',
] as const;
export type Fault = (typeof FAULTS)[number];

const AWAY: ReadonlySet<Fault> = new Set(['unreachable', 'timed-out', 'rate-limited', 'server-error', 'breaker-open']);

/** The call was not made, or was turned away before it could act. */
const WITHOUT_EFFECT: ReadonlySet<Fault> = new Set(['rate-limited', 'bad-certificate', 'refused-call', 'breaker-open']);

/**
 * A call that got no usable answer. It may have acted, and is retried with the same key. The message names the provider's role and verb
 * and what is wrong, never what was sent or received: it is logged, stored and shown.
 */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  /** How long the provider asked to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly fault: Fault,
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }

  /** The provider cannot answer any call at the moment, so a caller with many orders need not try the others. */
  get isAway(): boolean {
    return AWAY.has(this.fault);
  }

  /** Only the provider knows what the call has done: ask it, if it can be asked. */
  get mayHaveActed(): boolean {
    return !WITHOUT_EFFECT.has(this.fault);
  }
}
