import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { cloudEventTypeOf } from '../../../src/outbox/cloud-event';
import { Relay } from '../../../src/outbox/relay/relay';
import { webhooksSink } from '../../../src/outbox/sinks/webhooks';
import type { Receipt } from '../../../src/local/sandbox/webhook-receiver';
import { EndpointDirectory } from '../../../src/webhooks/endpoint-directory';
import { webhookEndpoints } from '../../../src/webhooks/endpoints';
import { webhookSender } from '../../../src/webhooks/send';
import { checkoutWorld, eventsOf } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { completed } from '../../support/completed-order';
import { eventually } from '../../support/eventually';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const development = { allowPrivate: true, now: () => new Date() };

/** The receiver is the sandbox's, and it knows the secret. */
async function anEndpoint(): Promise<void> {
  const url = `${world.sandboxUrl}/webhooks/acme`;
  const creation = await webhookEndpoints(world.db, development).create('acme', url);
  if (!('endpoint' in creation)) throw new Error(creation.outcome);
  const { secret } = creation.endpoint;
  const headers = { 'content-type': 'application/json' };
  await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ secret }) });
}

test('whole orders arrive signed and in order at a shop that fails for one order and loses the answer to another', async () => {
  await anEndpoint();
  const orders = [await completed(world), await completed(world), await completed(world)];
  const [failing, losing] = orders.map(({ checkoutId }) => `acme:${checkoutId}`);
  await world.sandbox.faults([
    { provider: 'webhooks', kind: 'fail-before', key: failing, times: 1 },
    { provider: 'webhooks', kind: 'lose-answer', key: losing, times: 1 },
  ]);
  const sink = webhooksSink({
    endpoints: new EndpointDirectory(world.db, Date.now),
    send: webhookSender(development),
  });
  const relay = new Relay({ db: world.db, sinks: [sink], logger: pino({ level: 'silent' }) });

  await relay.start();
  // The first events of two orders are parked, with their orders behind them, until the first retry is due after five seconds.
  const announced = await Promise.all(orders.map((order) => eventsOf(world.db, order)));
  const got = await eventually(async () => {
    const receipts = (await world.sandbox.journal('webhooks')) as unknown as Receipt[];
    const firsts = receipts.filter(({ redelivered }) => !redelivered);
    return firsts.length === announced.flat().length ? receipts : undefined;
  });
  await relay.stop();

  orders.forEach(({ checkoutId }, at) => {
    const firsts = got.filter(({ subject, redelivered }) => subject === checkoutId && !redelivered);
    expect(firsts.map(({ type }) => type)).toEqual(announced[at]?.map(cloudEventTypeOf));
    expect(firsts.map(({ sequence }) => sequence)).toEqual(firsts.map((_, before) => before + 1));
  });
  expect(got.every(({ signed }) => signed === true)).toBe(true);
  expect(await world.sandbox.fired()).toEqual([1, 1]);
  const twice = got.filter(({ redelivered }) => redelivered);
  expect(twice.map(({ subject, sequence }) => `acme:${subject}/${sequence}`)).toEqual([`${losing}/1`]);
  expect(new Set(got.map(({ digest }) => digest)).size).toBe(got.length - 1);
});
