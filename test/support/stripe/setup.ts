import { afterAll } from '@jest/globals';
import type Stripe from 'stripe';
import { library } from './library';
import { StripeFake } from './stripe-fake';
import type { FakeSettings } from './stripe-fake';

const started: StripeFake[] = [];
afterAll(() => Promise.all(started.map((fake) => fake.close())));

/** A fake of its own for one test, and the official library to call it with. */
export async function setup(settings: FakeSettings = {}): Promise<{ fake: StripeFake; stripe: Stripe }> {
  const fake = await StripeFake.start(settings);
  started.push(fake);
  return { fake, stripe: library(fake) };
}

/** A hold of 10.00, to be confirmed. */
export const A_HOLD = {
  amount: 1_000,
  currency: 'eur',
  capture_method: 'manual',
  allowed_payment_method_types: ['card'],
  payment_method: 'pm_card_visa',
} satisfies Stripe.PaymentIntentCreateParams;

/** What the library throws, as the fields that Stripe sent. */
export const refusal = async (call: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const failed = await call.then(
    () => undefined,
    (error: unknown) => error as Stripe.errors.StripeError,
  );
  if (failed === undefined) throw new Error('It was not refused');
  return failed;
};
