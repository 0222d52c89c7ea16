import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newSecret } from '../../src/webhooks/signature';
import { checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { completed } from '../support/completed-order';
import { eventually } from '../support/eventually';
import { startRelayProcess } from '../support/relay-process';
import { shiftedClock } from '../support/shifted-clock';

const DAY_MS = 86_400_000;
/** Providers refuse what is five minutes too old or too new. */
const STALE_S = 300;

let world: CheckoutWorld;
beforeAll(async () => (world = await checkoutWorld()));
afterAll(() => world.close());

test.each([10, -10])(
  'a call from a host that is %d days off is signed with a time that its provider accepts',
  async (off) => {
    const stamps: number[] = [];
    const provider = createServer((request, response) => {
      stamps.push(Number(request.headers['webhook-timestamp']));
      response.writeHead(503).end();
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const { port } = provider.address() as AddressInfo;
    await completed(world);

    const relay = await startRelayProcess({
      ...shiftedClock(off * DAY_MS),
      ...{ DATABASE_URL: world.databaseUrl, REDIS_URL: 'off', SINKS: 'settlement' },
      ...{ SANDBOX_URL: `http://127.0.0.1:${port}`, SANDBOX_SECRET: newSecret() },
    });
    const stamp = await eventually(() => stamps.at(0));
    await relay.stop();
    provider.close();

    expect(Math.abs(stamp - Date.now() / 1_000)).toBeLessThan(STALE_S);
  },
);
