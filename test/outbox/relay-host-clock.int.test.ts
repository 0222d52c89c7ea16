import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureCursors } from '../../src/outbox/log/leases';
import { KEPT_DAYS } from '../../src/outbox/log/partitions';
import { webhookEndpoints } from '../../src/webhooks/endpoints';
import { eventually } from '../support/eventually';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { startRelayProcess } from '../support/relay-process';
import type { RelayProcess } from '../support/relay-process';
import { shiftedClock } from '../support/shifted-clock';

const DAY_MS = 86_400_000;
/** Receivers refuse what is five minutes too old or too new. */
const STALE_S = 300;

let world: OutboxWorld;
const relays: RelayProcess[] = [];
beforeAll(async () => (world = await outboxWorld()));
afterAll(async () => {
  for (const relay of relays) relay.kill();
  await world.close();
});

async function relayOn(shiftMs: number): Promise<RelayProcess> {
  const relay = await startRelayProcess({
    ...shiftedClock(shiftMs),
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: 'off',
    SINKS: 'webhooks',
    WEBHOOK_PRIVATE_ADDRESSES: 'allow',
  });
  relays.push(relay);
  return relay;
}

const days = async () =>
  (
    await world.db.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'outbox_events'::regclass order by 1`,
    )
  ).rows.map(({ name }) => name);

test('a relay on a host that is ten days ahead drops no day that a sink has not read', async () => {
  await world.db.query(`select ensure_outbox_partition((now() at time zone 'UTC')::date - $1::integer)`, [
    KEPT_DAYS + 1,
  ]);
  await world.db.query(
    `insert into outbox_events (aggregateid, sequence, type, payload, tenant, occurred_at)
     values ($1, 1, 'order.cancelled', '{}', 'acme', now() - $2 * interval '1 day')`,
    [await world.newCheckout(), KEPT_DAYS + 1],
  );
  await world.emit(await world.newCheckout());
  await ensureCursors(world.db, [{ name: 'elsewhere' }]);
  const before = await days();

  const relay = await relayOn(10 * DAY_MS);
  await eventually(() => (/old days of the log/.test(relay.output()) ? true : undefined));

  expect(relay.output()).toContain('old days of the log stay');
  expect(await days()).toEqual(before);
  expect(await relay.stop()).toBe(0);
});

test.each([10, -10])(
  'a webhook from a host that is %d days off is signed with a time that its receiver accepts',
  async (off) => {
    const stamps: number[] = [];
    const receiver = createServer((request, response) => {
      stamps.push(Number(request.headers['webhook-timestamp']));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    await webhookEndpoints(world.db, { allowPrivate: true }).create('acme', url);

    const relay = await relayOn(off * DAY_MS);
    await world.emit(await world.newCheckout());
    const stamp = await eventually(() => stamps.at(0));
    await relay.stop();
    receiver.close();
    await world.db.query(`delete from webhook_endpoints`);

    expect(Math.abs(stamp - Date.now() / 1_000)).toBeLessThan(STALE_S);
  },
);
