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

/** Activities whose payment processor answers what it was told last; at first, that the customer has to approve. */
export function undecidedPayment({ db, providers }: Pick<CheckoutWorld, 'db' | 'providers'>) {
  let said: AuthorizationAnswer = ASKS;
  const payments = {
    authorize: async () => said,
    find: async () => said,
    void: async () => undefined,
  } as unknown as PaymentGateway;
  const providerOf = replacing(providers.providerOf, { payments });
  return {
    activities: checkoutActivities({ db, ...providers, providerOf }),
    says: (answer: AuthorizationAnswer) => void (said = answer),
  };
}
