import type { KeyMemory } from '../../ports/key-memory';
import type { Connection } from '../adapter';
import { authorize, find } from './authorize';
import { capture } from './capture';
import { stripeClient } from './client';
import { retrieved } from './intents';
import type { Parts } from './intents';
import { refund } from './refund';
import { Requests } from './requests';
import type { StripeSettings } from './settings';
import { isStripeError, stripeFault } from './stripe-fault';
import { voidKey } from './void';

/** Asks for a payment that cannot exist: that needs the key, the account and the permission that every payment needs, and shows nobody's. */
async function isThere(requests: Requests, { stripe }: Parts): Promise<void> {
  await retrieved(requests, stripe, 'pi_reach').catch((error: unknown) => {
    if (!isStripeError(error) || error.statusCode !== NOT_FOUND) throw error;
  });
}

const NOT_FOUND = 404;

/** Payments at Stripe. `keys` remembers which intent belongs to a key of ours, and which keys are void. */
export function create(settings: StripeSettings, keys: KeyMemory): Connection<'payments'> {
  const stripe = stripeClient(settings);
  const parts: Parts = { stripe, keys, returnUrl: settings.returnUrl };

  /** A call of the port. What it fails with is a fault. */
  const call =
    <Request, Answer>(name: string, work: (requests: Requests, its: Parts, request: Request) => Promise<Answer>) =>
    (request: Request): Promise<Answer> =>
      work(new Requests(), parts, request).catch((error: unknown) => {
        throw stripeFault(name, error);
      });

  return {
    authorize: call('authorize', authorize),
    find: call('find', find),
    void: call('void', voidKey),
    capture: call('capture', capture),
    refund: call('refund', refund),
    reach: () => call('a test call', isThere)(undefined),
  };
}
