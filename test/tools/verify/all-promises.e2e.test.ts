import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { PROMISE_NAMES } from '../../../src/tools/verify/command';
import type { CheckoutState } from '../../../src/domain/checkout-states';
import type { CheckoutRequest } from '../../../src/domain/order';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';
import { providerKey } from '../../../src/ports/provider-key';
import { resourceIdOf } from '../../../src/idempotency/key';
import { dataConverterOf } from '../../../src/payloads/data-converter';
import { keptPayloadKeys } from '../../../src/local/stack/stack-secrets';
import { aKey, aRequest } from '../../support/builders';
import { eventually } from '../../support/eventually';
import { OwnStack } from '../../support/own-stack';
import { idIn } from '../../support/running-stack';
import { verify } from './verify-command';

const EMAIL = 'grace.hopper@navy.example';
const ORDERS: readonly { body: Partial<CheckoutRequest>; ends: CheckoutState }[] = [
  { body: {}, ends: 'completed' },
  { body: { payment: { token: 'tok_lost_answer' } }, ends: 'completed' },
  { body: { payment: { token: 'tok_declined' } }, ends: 'refused' },
  { body: { items: [{ sku: 'SOLD-OUT', quantity: 1 }] }, ends: 'refused' },
  { body: { items: [{ sku: 'NO-SUCH', quantity: 1 }] }, ends: 'refused' },
  { body: { shippingAddress: { ...aRequest().shippingAddress, postalCode: '00000' } }, ends: 'refused' },
];

let stack: OwnStack;
let acknowledged: string;
const ids: string[] = [];

/** A stack of its own, since it is broken at the end. */
beforeAll(async () => {
  stack = await OwnStack.start();
  acknowledged = path.join(stack.dataDir, 'acknowledged.jsonl');
  for (const { body, ends } of ORDERS) {
    const key = aKey();
    const request = aRequest({ customer: { id: 'cus_42', email: EMAIL }, ...body });
    const id = idIn(await stack.place(request, { key, headers: { prefer: 'wait=0' } }));
    appendFileSync(acknowledged, `${JSON.stringify({ tenant: 'acme', key, id })}\n`);
    expect((await stack.ended(id)).state).toBe(ends);
    // The outcome is stored once somebody has asked for it.
    await stack.place(request, { key, headers: { prefer: 'wait=5' } });
    ids.push(id);
  }
  await eventually(async () => {
    const captures = (await stack.journal('payments')).filter(({ outcome }) => outcome === 'captured');
    return captures.length === 2 || undefined;
  });
});

afterAll(() => stack.stop());

const check = (...more: string[]) => verify(stack.dataDir, ['--settle', '0', '--acknowledged', acknowledged, ...more]);

test('all promises hold after orders that ended in every way, and each was checked', async () => {
  const { code, answer } = await check();

  expect(answer).toMatchObject({ ok: true });
  expect(code).toBe(0);
  expect(Object.keys(answer.promises)).toEqual(PROMISE_NAMES);
  const { P2, P4, P8, P9, P10 } = answer.promises;
  expect([P2, P4].map(({ checked, pending }) => [checked, pending])).toEqual([
    [ORDERS.length, 0],
    [ORDERS.length, 0],
  ]);
  expect(P8.details['answers']).toEqual({ claims: ORDERS.length, replayed: 2 * ORDERS.length });
  expect(P9.details).toMatchObject({ server: { replayed: ORDERS.length }, recorded: { diverged: 0 } });
  expect(Object.keys(P10.details)).toEqual(['histories', 'events', 'metrics', 'logs']);
});

test('finds everything that was broken on purpose, under the right promise', async () => {
  const [completed = '', other = ''] = ids;
  const sandbox = { url: stack.file.sandbox, secret: stack.file.sandboxSecret };
  const again = { key: providerKey(completed, 'payment-authorized'), amount: { minor: 1n, currency: 'USD' } };
  await expect(HTTP_PORTS.payments(sandbox).authorize({ ...again, token: 'tok_visa' })).rejects.toThrow('status 409');
  await HTTP_PORTS.carrier(sandbox).voidLabel({ key: providerKey(completed, 'label-generated') });
  writeFileSync(
    acknowledged,
    `{"tenant":"acme","key":"never-seen","id":"${resourceIdOf('chk', 'acme', 'never-seen')}"}\n`,
  );
  // Otherwise it would be resumed before the check.
  await stack.db.query(`update reconciler set turn_at = 'infinity'`);
  await stack.db.query(`update checkouts set ended_at = null, state = 'running' where id = $1`, [other]);
  await stack.db.query(`update stock set available = available - 1, reserved = reserved + 1 where sku = 'MUG-BLUE'`);
  await stack.db.query(`update idempotency_claims set acceptance_body = '{}' where resource_id = $1`, [completed]);
  await stack.db.query(
    `insert into repairs (id, checkout_id, step, kind, action, reason, operator)
     values ('unasked', $1, 'label-generated', 'undo', 'retry', 'because', 'op')`,
    [completed],
  );
  appendFileSync(path.join(stack.dataDir, 'logs', 'api.log'), `to ${EMAIL}\n`);
  await startStranger();

  const { code, answer } = await check('--only', 'P1,P2,P3,P4,P5,P6,P8,P10,P11,P14');

  expect(code).toBe(1);
  const kinds = Object.values(answer.promises).map(({ examples }) => [...new Set(examples.map(({ kind }) => kind))]);
  expect(Object.fromEntries(Object.keys(answer.promises).map((name, at) => [name, kinds[at]]))).toEqual({
    P1: ['two-bodies'],
    P2: ['not-ended', 'lost'],
    P3: ['unfinished'],
    P4: ['effect-missing'],
    P5: ['captured-without-order', 'sum-differs'],
    P6: ['reserved-differs', 'sold-differs'],
    P8: expect.arrayContaining(['wrong-acceptance', 'other-answer']),
    P10: ['readable'],
    P11: ['unasked'],
    P14: ['stranded'],
  });
  expect(answer.promises.P10.details).toMatchObject({ histories: { found: 1 }, logs: { found: 1 } });
});

/** A workflow without a checkout, with data that must not be in it, encrypted or not. */
async function startStranger(): Promise<void> {
  const connection = await Connection.connect({ address: stack.file.temporal });
  const client = new Client({ connection, dataConverter: dataConverterOf(keptPayloadKeys(stack.dataDir)) });
  const options = { workflowId: 'checkout/acme/a-stranger', taskQueue: 'nobody', args: [{ email: EMAIL }] };
  await client.workflow.start('checkout', options);
  await eventually(async () =>
    (await client.workflow.count(`WorkflowId = '${options.workflowId}'`)).count === 1 ? true : undefined,
  );
  await connection.close();
}
