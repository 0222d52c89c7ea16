import { afterEach, expect, test } from '@jest/globals';
import { webhookSender } from '../../src/webhooks/send';
import { newSecret } from '../../src/webhooks/signature';
import { eventually } from '../support/eventually';
import { HOSTILITIES, hostileReceiver } from '../support/hostile-receiver';
import type { Hostility } from '../support/hostile-receiver';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** What ends only after this time did not end early. */
const LONG_MS = 15_000;

async function sentTo(hostility: Hostility, timeoutMs: number) {
  const shop = await hostileReceiver(hostility);
  open.push(shop);
  const message = { id: 'f9f4d3c0-0000-4000-8000-000000000001', contentType: 'application/json', body: '{}' };
  const sent = webhookSender({ allowPrivate: true, now: () => new Date(), timeoutMs })(
    { url: shop.url, secret: newSecret() },
    message,
  );
  return { shop, sent: await sent };
}

test.each(HOSTILITIES)('settles a call to an endpoint that answers with %s, and frees its socket', async (how) => {
  const { shop, sent } = await sentTo(how, 300);

  expect(['delivered', 'failed']).toContain(sent.status);
  await eventually(() => (shop.open() === 0 ? true : undefined));
});

test('treats 101 Switching Protocols like any other status that is not 2xx', async () => {
  const { sent } = await sentTo('switching-protocols', LONG_MS);

  expect(sent).toEqual({ status: 'failed', reason: 'It answered with status 101.', answered: true });
});

test('delivers despite a dripping body, and closes the socket once the status is known', async () => {
  const { shop, sent } = await sentTo('dripping-body', LONG_MS);

  expect(sent).toEqual({ status: 'delivered' });
  await eventually(() => (shop.open() === 0 ? true : undefined));
});

test('cuts off endless 1xx answers long before the timeout', async () => {
  const { shop, sent } = await sentTo('endless-1xx', LONG_MS);

  expect(sent).toMatchObject({ status: 'failed', answered: false });
  await eventually(() => (shop.open() === 0 ? true : undefined));
});

test('fails immediately when the connection ends in the middle of a header', async () => {
  const { sent } = await sentTo('half-a-header-then-gone', LONG_MS);

  expect(sent).toMatchObject({ status: 'failed', answered: false });
});
