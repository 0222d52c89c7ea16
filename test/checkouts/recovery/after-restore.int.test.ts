import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OrderKey } from '../../../src/contract/checkout';
import { hasEnded } from '../../../src/domain/checkout-states';
import { afterRestore } from '../../../src/tools/cli/after-restore';
import { readConfig } from '../../../src/runtime/config';
import { aScreen } from '../../tools/cli/setup';
import { accepted, stateOf, stepsBefore } from '../../support/checkout-world';
import { eventually } from '../../support/eventually';
import { recoveryWorld } from '../../support/recovery-world';
import type { RecoveryWorld } from '../../support/recovery-world';

let world: RecoveryWorld;
beforeAll(async () => (world = await recoveryWorld({ works: false })));
afterAll(() => world.close());

const ended = (order: OrderKey) =>
  eventually(async () => {
    const { state } = await stateOf(world.db, order);
    return hasEnded(state) ? state : undefined;
  });

async function restore(settings: Partial<ReturnType<typeof readConfig>> = {}) {
  const streams = { stdout: aScreen(), stderr: aScreen() };
  const stores = {
    ...{ DATABASE_URL: world.databaseUrl, TEMPORAL_ADDRESS: world.address, TEMPORAL_NAMESPACE: world.namespace },
    ...{ DATA_DIR: '/nowhere', PAYLOAD_KEYS: '' },
  };
  const options = { reason: 'Restored to noon.', json: true };
  const code = await afterRestore(options, streams, { ...readConfig(), ...stores, ...settings });
  return { code, answer: JSON.parse(streams.stdout.written()) as Record<string, unknown> };
}

/** Waits until Temporal lists a run that is ahead of the ledger or unknown to Postgres. */
const isListed = (workflowId: string) =>
  eventually(async () => {
    for await (const run of world.client.workflow.list({ query: `ExecutionStatus = 'Running'` }))
      if (run.workflowId === workflowId) return true;
    return undefined;
  });

test('terminates what is ahead of the restored ledger, and resumes every order that has not ended from the ledger', async () => {
  const [open, unstarted, lost] = [await accepted(world.db), await accepted(world.db), await accepted(world.db)];
  const finished = await accepted(world.db);
  const ahead = await world.start(open);
  const { runId: aheadRun } = await ahead.describe();
  await stepsBefore(world.activities, open, 3);
  await world.start(unstarted);
  await world.db.query(`update checkouts set started_at = null where id = $1`, [unstarted.checkoutId]);
  await world.db.query(`update checkouts set started_at = now() where id = $1`, [lost.checkoutId]);
  await (await world.start(finished)).terminate('it had ended, after the moment that was restored');
  const unknown = `checkout/acme/${randomUUID()}`;
  await world.client.workflow.start('checkout', { workflowId: unknown, taskQueue: 'nobody-polls', args: [open] });
  await isListed(unknown);

  const { code, answer } = await restore();

  expect(answer).toEqual({ ended: 3, resumed: 4, unknown: [unknown] });
  expect(code).toBe(3);
  const { status } = await world.client.workflow.getHandle(ahead.workflowId, aheadRun).describe();
  expect(status.name).toBe('TERMINATED');
  await world.work();
  for (const order of [open, unstarted, lost, finished]) {
    expect(await ended(order)).toBe('completed');
    const outcomes = (await world.sandbox.journal('payments', order.checkoutId)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['authorized']);
  }
  const { rows } = await world.db.query(`select distinct reason, operator from resumes`);
  expect(rows).toEqual([{ reason: 'Restored to noon.', operator: expect.stringMatching(/^after-restore ./) }]);
});

test('refuses to run while a worker polls, and changes nothing', async () => {
  const other = await recoveryWorld();
  const order = await accepted(other.db);
  const run = await other.start(order);
  const stores = { DATABASE_URL: other.databaseUrl, TEMPORAL_NAMESPACE: other.namespace };
  await eventually(async () => ((await restore(stores)).answer['code'] === 'workers-poll' ? true : undefined));

  const { code, answer } = await restore(stores);

  expect(code).toBe(1);
  expect(answer).toMatchObject({ detail: expect.stringContaining('stop every worker') });
  expect((await run.describe()).status.name).toBe('RUNNING');
  await other.close();
});

test('refuses to run without the addresses of the stores', async () => {
  expect((await restore({ TEMPORAL_ADDRESS: '' })).answer).toMatchObject({ code: 'stores-unknown' });
});
