import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { idIn, RunningStack } from '../support/running-stack';

const { EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, EVENT_TYPE_ACTIVITY_TASK_STARTED } = temporal.api.enums.v1.EventType;

let stack: RunningStack;
let connection: Connection;
beforeAll(async () => {
  stack = new RunningStack();
  connection = await Connection.connect({ address: stack.file.temporal });
});
afterAll(async () => {
  await connection.close();
  await stack.db.close();
});

/** An order whose customer has approved at the page, as soon as the page was there. */
async function approved(token: string) {
  const key = aKey();
  const id = idIn(await stack.place(aRequest({ payment: { token } }), { key, headers: { prefer: 'wait=0' } }));
  const url = await eventually(async () => (await stack.read(id, 'sk_sandbox_acme')).nextAction?.url);
  const answer = await fetch(`${url}/approve`, { method: 'POST' });
  expect(answer.status).toBe(200);
  return { id, key };
}

const historyOf = async (key: string) => {
  const workflow = new TemporalClient({ connection }).workflow.getHandle(checkoutWorkflowId('acme', key));
  return (await workflow.fetchHistory()).events ?? [];
};

test('the webhook of an approval wakes the checkout: nobody waits for the next time it would have asked', async () => {
  const { id, key } = await approved('tok_3ds');

  expect(await stack.ended(id)).toMatchObject({ state: 'completed' });

  const events = await historyOf(key);
  const attempts = events
    .filter(({ eventType }) => eventType === EVENT_TYPE_ACTIVITY_TASK_STARTED)
    .map(({ activityTaskStartedEventAttributes: started }) => started?.attempt);
  expect(events.filter(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)).toHaveLength(1);
  // The wait that would have asked by itself was ended, and another one has asked once.
  expect(new Set(attempts)).toEqual(new Set([1]));
  expect(await stack.authorizations(id)).toEqual(['customer-action', 'authorized']);
  const { rows } = await stack.db.query(
    `select role, asked_at is not null as asked from provider_notices where checkout_id = $1`,
    [id],
  );
  expect(rows).toEqual([{ role: 'payments', asked: true }]);
});
