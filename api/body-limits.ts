/** In bytes. What a body is looked through for costs time in proportion to it, so each route takes no more than it can need. */
export const BODY_LIMIT = {
  /** Carts have at most a hundred lines; what is larger is no cart. */
  cart: 64 * 1024,
  /** A sentence of 500 characters with each of them escaped, or an address of 2,000 as it is. */
  sentence: 8 * 1024,
  /** For all routes that do not say otherwise: they need no body, and some clients send `{}`. */
  none: 1024,
};
