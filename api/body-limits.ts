/** In bytes. Checking a body takes time in proportion to its size, so each route takes no more than it can need. */
export const BODY_LIMIT = {
  /** Carts have at most a hundred lines. */
  cart: 64 * 1024,
  /** A webhook of a provider: Stripe sends the whole payment along. */
  webhook: 64 * 1024,
  /** A sentence of 500 escaped characters, or a URL of 2,000. */
  sentence: 8 * 1024,
  /** The default, for routes that need no body: some clients send `{}`. */
  none: 1024,
};
