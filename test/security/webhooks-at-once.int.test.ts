import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApiKey } from '../../src/tenants/create-api-key';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { isUnavailable } from '../../src/postgres/error-codes';
import { webhookEndpoints } from '../../src/webhooks/endpoints';
import { codeOf } from '../api/setup';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { describeWith } from '../support/describe-with';
import { eventually } from '../support/eventually';
import { missingForPgbouncer, startPgbouncer } from '../support/pgbouncer';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());

const MOST = 20;
const REQUESTED = 80;
const PROCESSES = 4;

// An IP address, so that no name is resolved.
const addressOf = (at: number) => `https://93.184.216.34/hooks/${at}`;

const endpointsOf = async (tenant: string) =>
  (await world.db.query(`select from webhook_endpoints where tenant = $1`, [tenant])).rowCount;

/** On a busy machine some find no free connection in time, and try again. */
const patiently = <T>(create: () => Promise<T>): Promise<T> =>
  eventually(() =>
    create().catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      return undefined;
    }),
  );

/** Creates eighty webhooks of one tenant at the same time, through several processes with their own connections; returns the outcomes. */
async function byProcesses(tenant: string, open: () => Database) {
  const processes = Array.from({ length: PROCESSES }, open);
  try {
    const endpoints = processes.map((db) => webhookEndpoints(db, { allowPrivate: false }));
    const creations = await Promise.all(
      endpoints.flatMap((process, number) =>
        Array.from({ length: REQUESTED / PROCESSES }, (_, at) =>
          patiently(() => process.create(tenant, addressOf(at * PROCESSES + number))),
        ),
      ),
    );
    return creations.map(({ outcome }) => outcome).sort();
  } finally {
    await Promise.all(processes.map((db) => db.close()));
  }
}

const TWENTY_CREATED = [...Array<string>(MOST).fill('created'), ...Array<string>(REQUESTED - MOST).fill('too-many')];

test('creates twenty of eighty webhooks requested at the same time, and refuses the others with the reason', async () => {
  const apiKey = await createApiKey(world.db, { tenant: 'eighty', scope: 'merchant' });

  const answers = await Promise.all(
    Array.from({ length: REQUESTED }, (_, at) =>
      eventually(async () => {
        const answer = await world.app.inject({
          method: 'POST',
          url: '/v1/webhooks',
          headers: { authorization: `Bearer ${apiKey}` },
          payload: { url: addressOf(at) },
        });
        return answer.statusCode === 503 ? undefined : answer;
      }),
    ),
  );

  const [created, refused] = [201, 409].map((code) => answers.filter(({ statusCode }) => statusCode === code));
  expect([created?.length, refused?.length, await endpointsOf('eighty')]).toEqual([MOST, REQUESTED - MOST, MOST]);
  expect(new Set(refused?.map(codeOf))).toEqual(new Set(['too-many-webhooks']));
});

test('so it does with several processes, and another tenant has twenty of its own', async () => {
  const open = () => openDatabase(world.databaseUrl, { connections: 10, onIdleError: () => undefined });

  const outcomes = await Promise.all(['several', 'another'].map((tenant) => byProcesses(tenant, open)));

  expect(outcomes).toEqual([TWENTY_CREATED, TWENTY_CREATED]);
  expect([await endpointsOf('several'), await endpointsOf('another')]).toEqual([MOST, MOST]);
});

describeWith(missingForPgbouncer(), 'behind a pooler in transaction mode', () => {
  test('creates twenty as well', async () => {
    const pooler = await startPgbouncer(world.databaseUrl, { connections: 5 });
    try {
      const open = () => openDatabase(pooler.url, { connections: 10, onIdleError: () => undefined });

      expect(await byProcesses('pooled', open)).toEqual(TWENTY_CREATED);
      expect(await endpointsOf('pooled')).toBe(MOST);
    } finally {
      await pooler.stop();
    }
  });
});
