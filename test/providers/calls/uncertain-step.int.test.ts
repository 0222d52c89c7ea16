import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { checkoutActivities } from '../../../activities';
import type { PaymentGateway } from '../../../src/ports/payment-gateway';
import { activityAttempts } from '../../../src/providers/calls/activity-attempts';
import { checkoutWorld } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { accepted, stepsBefore } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { callsWorld, failing, LATE, PLACE, processor } from './calls-world';
import type { CallsWorld } from './calls-world';

let world: CheckoutWorld;
let calling: CallsWorld;
beforeAll(async () => {
  world = await checkoutWorld();
  calling = await callsWorld();
});
afterAll(async () => {
  await calling.close();
  await world.close();
});

/** The activities of a worker that remembers nothing of another one's calls. */
async function aWorker(port: PaymentGateway) {
  const { calls } = await calling.setup(world.db);
  return checkoutActivities({
    ...{ db: world.db, ...world.providers },
    providerOf: async (role, order) =>
      role === 'payments'
        ? (calls.guarded(port, { ...PLACE, uncertain: order.uncertain === true }) as never)
        : world.providers.providerOf(role, order),
  });
}

test('another worker asks what has become of a call whose answer was lost, although its attempt is the first', async () => {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, 1);
  const lost = await aWorker(processor({ authorize: failing(LATE) }).port);
  const { port, asked } = processor();
  const other = await aWorker(port);
  await expect(lost.authorizePayment(order)).rejects.toBe(LATE);
  await eventually(async () => {
    const noted = `select from checkouts where id = $1 and 'payment-authorized' = any (uncertain_steps)`;
    return (await world.db.query(noted, [order.checkoutId])).rowCount === 1 ? true : undefined;
  });

  const environment = new MockActivityEnvironment({ attempt: 1 }, { interceptors: [activityAttempts] });
  const answer = await environment.run(() => other.authorizePayment(order));

  expect(asked).toEqual(['find']);
  expect(answer).toEqual({ authorizationId: 'auth_1' });
});
