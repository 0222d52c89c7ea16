import { checkoutActivities } from '../../activities';
import type { AuthorizationAnswer, PaymentGateway } from '../../src/ports/payment-gateway';
import type { CheckoutWorld } from './checkout-world';
import { replacing } from './replaced-ports';

/** Nothing but an address of an action has this word in it. */
export const SECRET = 'only-the-customer';

export const ASKS = {
  outcome: 'customer-action',
  url: `https://bank.example/approve?token=${SECRET}`,
  expiresAt: '2100-01-01T00:00:00.000Z',
} as const satisfies AuthorizationAnswer;

/**
 * Activities whose payment processor answers what it was told last: at first that the customer has to approve, and after a void that its key
 * is blocked.
 */
export function undecidedPayment(
  { db, providers }: Pick<CheckoutWorld, 'db' | 'providers'>,
  { awaitCustomer = '15m' } = {},
) {
  let said: AuthorizationAnswer = ASKS;
  let held: (() => Promise<void>) | undefined;
  const answer = async () => {
    const [now, until] = [said, held];
    held = undefined;
    await until?.();
    return now;
  };
  const payments = {
    authorize: answer,
    find: answer,
    void: async () => void (said = { outcome: 'blocked' }),
  } as unknown as PaymentGateway;
  const providerOf = replacing(providers.providerOf, { payments });
  return {
    activities: checkoutActivities({ db, ...providers, providerOf, awaitCustomer }),
    says: (next: AuthorizationAnswer) => void (said = next),
    said: () => said,
    /** Its next answer is what it would be now, and comes once `until` resolves. */
    holdsOnce: (until: () => Promise<void>) => void (held = until),
  };
}
