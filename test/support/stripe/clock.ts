/** The fake's own clock: the host's, and as far ahead of it as a test has moved it. */
export class FakeClock {
  #aheadMs = 0;

  nowMs(): number {
    return Date.now() + this.#aheadMs;
  }

  /** In seconds since 1970, as in Stripe's objects. */
  now(): number {
    return Math.floor(this.nowMs() / 1_000);
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}
