import type Stripe from 'stripe';

/** Stripe's official library. Only installations that use it have it. */
export function stripeLibrary(): typeof Stripe {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would need it in every installation
    return require('stripe') as typeof Stripe;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Error('the adapter stripe needs the package `stripe`: install it with `npm install stripe@23`', {
      cause,
    });
  }
}
