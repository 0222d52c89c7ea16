import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection, WorkflowNotFoundError } from '@temporalio/client';
import { STEPS } from '../../src/domain/steps';
import { keptPayloadKeys } from '../../src/local/stack/stack-secrets';
import { aKey } from '../support/builders';
import { eventually } from '../support/eventually';
import { FAR_AWAY, heldOrder } from '../support/held-order';
import type { HeldOrder } from '../support/held-order';
import { OwnStack } from '../support/own-stack';
import { WebUiReader } from '../support/web-ui-view';
import type { WebUiView } from '../support/web-ui-view';

/** Longer than an undo is held below; otherwise it would be parked too. */
const ATTENTION_AFTER = '10s';
/** Shorter than the adapter's timeout (8 s), so that the one call that is held is answered. */
const HELD_MS = 7_000;

const held = heldOrder(
  aKey(),
  {},
  { provider: 'payments', operation: 'authorize', kind: 'slow', delayMs: HELD_MS, times: 1 },
);
const asked = heldOrder(aKey(), { payment: { token: 'tok_3ds' } });
const unwinding = heldOrder(aKey(), FAR_AWAY, {
  ...{ provider: 'warehouse', operation: 'cancel', kind: 'slow', delayMs: HELD_MS, times: 1 },
});
const parked = heldOrder(aKey(), FAR_AWAY, { provider: 'warehouse', operation: 'cancel', kind: 'fail-before' });

const FORWARD = [
  '1/7 price the cart and create the order',
  '2/7 hold the money',
  '3/7 set the goods aside',
  '4/7 have the warehouse pack (pivot)',
  '5/7 tell the customer',
  '6/7 award the points',
  '7/7 have the label made',
];
/** Step 2 takes longer than its first attempt may, and goes on as a regular activity. */
const HELD = [...FORWARD.slice(0, 2), ...FORWARD.slice(1)];
const UNDO = [
  'undo 7/7: void the label',
  'undo 6/7: take the points back',
  'undo 5/7: tell the customer that it is off',
  'undo 4/7: call the warehouse off',
  'undo 3/7: put the goods back',
  'undo 2/7: free the money',
  'undo 1/7: cancel the order',
];
const OPERATORS = 'tell the operators, and keep what they did';
const UNDELIVERABLE = 'Undone because: **No carrier delivers to the address**';

let stack: OwnStack;
let connection: Connection;
let webUi: WebUiReader;

/** A stack of its own: in no other stack do orders wait for operators after ten seconds. */
beforeAll(async () => {
  stack = await OwnStack.start(undefined, { ATTENTION_AFTER });
  connection = await Connection.connect({ address: stack.file.temporal });
  webUi = new WebUiReader(connection, keptPayloadKeys(stack.dataDir));
  await stack.faults([held, unwinding, parked].flatMap(({ faults }) => faults));
});
afterAll(async () => {
  await connection.close();
  await stack.stop();
});

const place = async ({ key, body }: HeldOrder) => expect((await stack.place(body, { key })).status).toBe(202);

/** What the Web UI shows once its current details have this line. */
const whenItShows = ({ workflowId }: HeldOrder, line: string): Promise<WebUiView> =>
  eventually(async () => {
    try {
      const view = await webUi.read(workflowId);
      return view.currentDetails.includes(line) ? view : undefined;
    } catch (error) {
      // Accepted, but not started yet.
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  });

/** The visibility store is a moment behind. */
const whenListed = (query: string): Promise<readonly string[]> =>
  eventually(async () => {
    const workflowIds = await webUi.list(query);
    return workflowIds.length > 0 ? workflowIds : undefined;
  });

/** The seven lines of the current details, from a symbol and a word for each. */
const rail = (...steps: readonly string[]) =>
  STEPS.map((step, at) => {
    const [symbol, word] = (steps[at] ?? '').split(' ');
    return `${at + 1}. ${symbol} **${step}** ${word}`;
  }).join('\n');

/** What stays the same during the order's life and after it. */
const alwaysShown = ({ id }: HeldOrder) => ({
  summary: 'acme: 2 units in USD',
  details: `Checkout **${id}** of tenant **acme**: \`GET /v1/checkouts/${id}\`\n\n- 2 × \`MUG-BLUE\``,
  memo: { checkoutId: id, tenant: 'acme' },
});

test('while step 2 is held, the rail stands at step 2', async () => {
  await place(held);

  const { activities, ...shown } = await whenItShows(held, '**payment-authorized** running');

  // Read last: on a busy machine, others may have been added since.
  expect(activities.slice(0, 3)).toEqual(HELD.slice(0, 3));
  expect(shown).toEqual({
    ...alwaysShown(held),
    status: 'RUNNING',
    searchAttributes: ['running', undefined, 'acme', undefined],
    currentDetails: rail(...['✓ done', '▶ running', '· pending', '· pending', '· pending', '· pending', '· pending']),
  });
});

test('a completed run says so, and names its activities in both lanes', async () => {
  await webUi.ended(held.workflowId);

  expect(await webUi.read(held.workflowId)).toEqual({
    ...alwaysShown(held),
    status: 'COMPLETED',
    searchAttributes: ['completed', undefined, 'acme', undefined],
    activities: HELD,
    currentDetails: rail(...STEPS.map(() => '✓ done')),
  });
});

test('a run that waits for its customer says so, and the list finds it', async () => {
  await place(asked);

  expect(await whenItShows(asked, 'customer')).toEqual({
    ...alwaysShown(asked),
    status: 'RUNNING',
    searchAttributes: ['awaiting-customer', undefined, 'acme', undefined],
    activities: [...FORWARD.slice(0, 2), 'ask until the payment is decided'],
    currentDetails: [
      'Waits for the **customer** to approve the payment',
      rail(...['✓ done', '▶ running', '· pending', '· pending', '· pending', '· pending', '· pending']),
    ].join('\n\n'),
  });
  expect(await whenListed(`CheckoutState = 'awaiting-customer'`)).toEqual([asked.workflowId]);
});

test('an unwinding run says why, and which undo is running', async () => {
  await place(unwinding);

  expect(await whenItShows(unwinding, '**fulfillment-triggered** undoing')).toEqual({
    ...alwaysShown(unwinding),
    status: 'RUNNING',
    searchAttributes: ['running', 'label-generated', 'acme', 'undeliverable-address'],
    activities: [...FORWARD, ...UNDO.slice(0, 4)],
    currentDetails: [
      UNDELIVERABLE,
      rail(...['✓ done', '✓ done', '✓ done', '↺ undoing', '✗ undone', '✗ undone', '✗ undone']),
    ].join('\n\n'),
  });
  expect((await stack.ended(unwinding.id)).state).toBe('refused');
});

const repair = async () => {
  const response = await fetch(`${stack.file.api}/v1/ops/checkouts/${parked.id}/repair`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk_sandbox_operator',
      'content-type': 'application/json',
      'idempotency-key': 'the-warehouse-is-back',
    },
    body: JSON.stringify({ step: 'fulfillment-triggered', action: 'retry', reason: 'The warehouse is back.' }),
  });
  return { status: response.status, body: await response.text() };
};

test('a parked run says which undo failed and why, with the older undos done', async () => {
  await place(parked);

  expect(await whenItShows(parked, '**order-created** undone')).toEqual({
    ...alwaysShown(parked),
    status: 'RUNNING',
    searchAttributes: ['needs-attention', 'fulfillment-triggered', 'acme', 'undeliverable-address'],
    activities: [...FORWARD, ...UNDO.slice(0, 4), OPERATORS, ...UNDO.slice(4)],
    currentDetails: [
      '**fulfillment-triggered** needs attention: The provider answered /provider/v1/warehouse/cancel with status 503',
      UNDELIVERABLE,
      rail(...['✗ undone', '✗ undone', '✗ undone', '! undo-failed', '✗ undone', '✗ undone', '✗ undone']),
    ].join('\n\n'),
  });
});

test('the list, filtered by CheckoutState, shows the parked run and no other', async () => {
  expect(await whenListed(`CheckoutState = 'needs-attention'`)).toEqual([parked.workflowId]);
});

test('a retry once the warehouse is back ends the order refused, and the same retry again does nothing', async () => {
  await stack.faults([]);

  const first = await repair();
  await webUi.ended(parked.workflowId);
  const shown = await webUi.read(parked.workflowId);
  const calls = await stack.journal('warehouse', parked.id);
  const second = await repair();

  expect(first).toEqual({ status: 200, body: '{"done":true}' });
  expect(second).toEqual(first);
  expect(shown).toEqual({
    ...alwaysShown(parked),
    status: 'FAILED',
    searchAttributes: ['refused', 'fulfillment-triggered', 'acme', 'undeliverable-address'],
    activities: [...FORWARD, ...UNDO.slice(0, 4), OPERATORS, ...UNDO.slice(4), OPERATORS, UNDO[3]],
    currentDetails: [UNDELIVERABLE, rail(...STEPS.map(() => '✗ undone'))].join('\n\n'),
  });
  expect((await stack.read(parked.id)).state).toBe('refused');
  expect(await webUi.read(parked.workflowId)).toEqual(shown);
  expect(await stack.journal('warehouse', parked.id)).toEqual(calls);
  const { rows } = await stack.db.query(`select action, reason from repairs where checkout_id = $1`, [parked.id]);
  expect(rows).toEqual([{ action: 'retry', reason: 'The warehouse is back.' }]);
});
