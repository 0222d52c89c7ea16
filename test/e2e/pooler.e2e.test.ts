import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createApiKey } from '../../src/tenants/create-api-key';
import { aKey, aRequest } from '../support/builders';
import { describeWith } from '../support/describe-with';
import { eventually } from '../support/eventually';
import { missingForPgbouncer, startPgbouncer } from '../support/pgbouncer';
import { RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';

const ORDERS = 40;
/** Fewer than the processes' pools have together, so that clients share Postgres's connections. */
const CONNECTIONS = 4;

describeWith(missingForPgbouncer(), 'the whole stack on a pooler', () => {
  test('migrates, and brings forty concurrent orders to their end, captures included', async () => {
    const host = new RunningStack();
    const name = `pooled_${randomUUID().replaceAll('-', '')}`;
    await host.db.query(`create database ${name}`);
    const direct = Object.assign(new URL(host.file.postgres), { pathname: `/${name}` }).href;
    const pooler = await startPgbouncer(direct, { connections: CONNECTIONS });

    const stack = await startTestStack(undefined, { DATABASE_URL: pooler.url });
    const shop = new RunningStack(stack.dataDir);
    const apiKey = await createApiKey(shop.db, { tenant: 'acme', scope: 'merchant' });
    // A busy machine answers some with 503, which a client retries under the same key.
    const body = aRequest();
    const accepted = async (key: string) =>
      (await shop.place(body, { apiKey, key })).status === 202 ? true : undefined;
    await Promise.all(Array.from({ length: ORDERS }, aKey).map((key) => eventually(() => accepted(key))));
    const ends = await eventually(async () => {
      const { rows } = await shop.db.query<{ state: string; orders: number; captured: number; ended: boolean }>(
        `select state, count(*)::integer as orders, count(captured_at)::integer as captured,
                bool_and(ended_at is not null and (state <> 'completed' or captured_at is not null)) as ended
           from checkouts
           left join payments on payments.checkout_id = checkouts.id
          group by state`,
      );
      return rows.every(({ ended }) => ended) ? rows : undefined;
    });

    expect(ends).toEqual([{ state: 'completed', orders: ORDERS, captured: ORDERS, ended: true }]);
    await shop.db.close();
    await stack.stop();
    await pooler.stop();
    await host.db.close();
  });
});
