import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { startRelayProcess } from '../support/relay-process';

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

const start = (env: NodeJS.ProcessEnv) =>
  startRelayProcess({ DATABASE_URL: world.databaseUrl, REDIS_URL: 'off', SANDBOX_URL: '', ...env });

test('a relay without a provider for payments does not start, and says what to set', async () => {
  const refused: unknown = await start({}).catch((error: unknown) => error);

  expect(String(refused)).toMatch(
    /No provider for payments \(every tenant\): name an adapter for each in PROVIDERS_FILE/,
  );
});

test('a relay that feeds only other sinks needs no provider', async () => {
  const relay = await start({ SINKS: 'webhooks' });

  expect(await relay.stop()).toBe(0);
});
