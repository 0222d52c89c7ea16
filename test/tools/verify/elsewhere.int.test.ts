import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { checkoutActivities } from '../../../activities';
import type { Role } from '../../../src/ports/providers';
import { providerKey } from '../../../src/ports/provider-key';
import { openProviders } from '../../../src/providers/open-providers';
import { verify } from '../../../src/tools/verify/run';
import { newSecret } from '../../../src/webhooks/signature';
import { accepted, checkoutWorld, stepsBefore } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { aDataDir, listeningSandbox } from '../../support/sandbox';
import { aScreen } from '../cli/setup';
import type { Answer } from './verify-command';

/** Stands for a team's own providers: verify is not told about its journals. */
let elsewhere: Awaited<ReturnType<typeof listeningSandbox>>;
let world: CheckoutWorld;
beforeAll(async () => void (elsewhere = await listeningSandbox()));
beforeEach(async () => void (world = await checkoutWorld()));
afterEach(() => world.close());
afterAll(() => elsewhere.app.close());

/** Completes and captures an order that begins with `http` adapters for these roles. */
async function completed(roles: readonly Role[], url: string): Promise<string> {
  const { db, sandboxUrl } = world;
  const file = path.join(aDataDir(), 'providers.json');
  const entry = { adapter: 'http', url, secret: { env: 'SECRET' } };
  writeFileSync(file, JSON.stringify({ default: Object.fromEntries(roles.map((role) => [role, entry])) }));
  const providers = await openProviders({
    ...{
      file,
      sandbox: { url: sandboxUrl },
      environment: { SECRET: newSecret() },
      db,
      logger: pino({ level: 'silent' }),
    },
    calls: { guarded: (port) => port },
  });
  const activities = checkoutActivities({ db, ...providers });
  const order = await accepted(db);
  await stepsBefore(activities, order, 6);
  await activities.generateLabel(order);
  const payments = await providers.providerOf('payments', order);
  const key = providerKey(order.checkoutId, 'payment-authorized');
  await payments.capture({ key, amount: { minor: 3000n, currency: 'USD' } });
  await providers.close();
  return order.checkoutId;
}

const NOTHING_ELSE = {
  ...{ dataDir: '/nowhere', databaseUrl: '', temporalAddress: '', temporalNamespace: 'default', payloadKeys: '' },
  ...{ redisStream: 'checkout-events', kafkaBrokers: '', kafkaTopic: '', natsUrl: '', natsStream: '' },
};

async function check() {
  const streams = { stdout: aScreen(), stderr: aScreen() };
  const options = { settle: 0, sample: 10, only: ['P1', 'P4', 'P5', 'P6'] as const, json: true };
  const code = await verify(
    { ...options, postgres: world.databaseUrl, sandbox: world.sandboxUrl },
    streams,
    NOTHING_ELSE,
  );
  const { promises } = JSON.parse(streams.stdout.written()) as Answer;
  const found = Object.values(promises).flatMap(({ examples }) => examples.map(({ kind }) => kind));
  const unchecked = Object.entries(promises).map(([name, verdict]) => [name, verdict.unchecked] as const);
  return { code, found, unchecked: Object.fromEntries(unchecked), P4: promises.P4, P5: promises.P5 };
}

const ALL = ['payments', 'warehouse', 'mail', 'carrier', 'inventory', 'loyalty'] as const;
const outside = (...roles: readonly Role[]) =>
  roles.map((role) => `${role}: 2 orders are at http, outside the sandbox`);

test('raises no alarm about what was done elsewhere, and says that it was not checked', async () => {
  await completed(ALL, elsewhere.baseUrl);
  await completed(ALL, elsewhere.baseUrl);

  expect(await check()).toMatchObject({
    ...{ code: 0, found: [] },
    unchecked: {
      P1: outside('payments', 'warehouse', 'mail', 'carrier'),
      P4: outside('payments', 'inventory', 'warehouse', 'mail', 'carrier'),
      P5: outside('payments'),
      P6: [],
    },
    P5: { checked: 0 },
  });
});

test('takes an order whose label was made elsewhere as completed by the ledger, and compares what was captured', async () => {
  await completed(['carrier'], elsewhere.baseUrl);
  const id = await completed(['carrier'], elsewhere.baseUrl);

  expect(await check()).toMatchObject({ found: [], P5: { checked: 2, violations: 0, unchecked: [] } });
  await world.db.query(`update order_lines set quantity = quantity + 1 where checkout_id = $1`, [id]);
  expect((await check()).P5.examples[0]).toMatchObject({ kind: 'wrong-amount', checkoutId: id });
});

test('judges all orders of an adapter as soon as the journal has one of them', async () => {
  await completed(['warehouse'], world.sandboxUrl);
  const forgotten = await completed(['warehouse'], elsewhere.baseUrl);

  const { found, unchecked, P4 } = await check();

  expect({ found, unchecked: unchecked['P4'] }).toEqual({ found: ['effect-missing'], unchecked: [] });
  expect(P4.examples[0]?.checkoutId).toBe(forgotten);
});
