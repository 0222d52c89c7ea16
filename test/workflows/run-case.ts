import { expect } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { cancelCheckout } from '../../src/checkouts/cancel-checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import type { CheckoutRequest } from '../../src/domain/order';
import type { Database } from '../../src/postgres/database';
import { eventsOf, ledgerOf, stateOf } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { STEP_TABLE } from '../support/recording-activities';
import type { Lane, SagaHandle } from '../support/saga-harness';
import type { Script } from '../support/scripted-activities';
import type { StartScripted } from './case-server';
import { cancelScript, faultScript } from './fault-scripts';
import type { CancelCase, FaultCase } from './matrix-cases';
import { expectedAfterFault, isRefusedAtLabel, LABEL } from './reference-saga';
import type { Outcome } from './reference-saga';

const UNDELIVERABLE = { name: 'A', line1: 'B', city: 'C', postalCode: '00000', country: 'GB' };
/** On a busy machine the test server may lose an update together with a workflow task that times out. */
const REPEAT_REPAIR_AFTER_MS = 5_000;

/** Where a case runs: the database, the workflow's start, and a way to accept checkouts one at a time. */
export interface CaseContext {
  readonly db: Database;
  readonly lane: Lane;
  readonly start: StartScripted;
  readonly accept: (overrides?: Partial<CheckoutRequest>) => Promise<OrderKey>;
}

/** Runs an order in which one step meets a fault; if its undo is parked, resolves it like an operator. */
export async function runFaultCase(faultCase: FaultCase, context: CaseContext): Promise<Outcome> {
  const { db, lane, start, accept } = context;
  const order = await accept(isRefusedAtLabel(lane, faultCase) ? { shippingAddress: UNDELIVERABLE } : {});
  const script = faultScript(faultCase);
  const handle = await start(order, script);
  const end = endOf(handle);
  const expected = expectedAfterFault(lane, faultCase);
  if (!expected.parked) {
    await end;
    return outcomeOf(db, order, script);
  }
  await parkedAlone(faultCase, { script, expected, end });
  const { state, steps } = await stateOf(db, order);
  await resolveUndo(faultCase, { handle, end });
  await end;
  return { ...(await outcomeOf(db, order, script)), parked: { state, steps } };
}

/** Runs an order that its customer cancels; at the end cancels again, and checks that the answer stays the same. */
export async function runCancelCase(cancelCase: CancelCase, { db, start, accept }: CaseContext): Promise<Outcome> {
  const order = await accept();
  const cancel = () => cancelCheckout(db, { tenant: order.tenant, id: order.checkoutId });
  if (cancelCase.when === 'before') await cancel();
  let started = (_: SagaHandle) => undefined as void;
  const handle = new Promise<SagaHandle>((resolve) => (started = resolve));
  const script = cancelScript(cancelCase, { cancel, cancelWorkflow: async () => (await handle).cancel() });
  started(await start(order, script));
  await endOf(await handle);
  const { answer } = await cancel();
  expect(answer).toBe(cancelCase.at === LABEL ? 'too-late' : 'cancelling');
  return outcomeOf(db, order, script);
}

/** Resolves when the workflow has ended, however it ended. */
const endOf = (handle: SagaHandle): Promise<void> =>
  handle.result().then(
    () => undefined,
    () => undefined,
  );

/** Waits until the parked undo is all that is left to do. */
async function parkedAlone(
  { at }: FaultCase,
  { script, expected, end }: { script: Script; expected: Outcome; end: Promise<void> },
): Promise<void> {
  const operatorCalls = expected.calls.filter((name) => name === 'raiseAttention').length;
  const oldestUndoRan = () => at === 0 || script.answers('cancelOrder') > 0;
  await Promise.race([script.until(() => script.answers('raiseAttention') === operatorCalls && oldestUndoRan()), end]);
}

/** Resolves a parked undo, like an operator who has done it by hand. Repeats the same repair until it is answered; it acts once. */
async function resolveUndo(
  { at }: FaultCase,
  { handle, end }: { handle: SagaHandle; end: Promise<void> },
): Promise<void> {
  const { step } = STEP_TABLE[at] ?? STEP_TABLE[0];
  const repair: Repair = { id: randomUUID(), step, action: 'resolve', reason: 'done by hand', operator: 'key-1' };
  const request = () =>
    handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: randomUUID(), args: [repair] }).then(
      () => true,
      (error: unknown) => {
        // Either the workflow does not know yet that operators were called, or the server lost the update with its workflow task.
        if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      },
    );
  await eventually(() =>
    Promise.race([request(), end.then(() => true), rest(REPEAT_REPAIR_AFTER_MS, undefined, { ref: false })]),
  );
}

async function outcomeOf(db: Database, order: OrderKey, script: Script): Promise<Outcome> {
  const [view, ledger, events] = await Promise.all([stateOf(db, order), ledgerOf(db, order), eventsOf(db, order)]);
  return { ...view, ledger, events, calls: withCounts(script.calls) };
}

/** `[a, b, b, c]` becomes `[a, b ×2, c]`, and ten or more calls in a row become `×many`. */
function withCounts(calls: readonly string[]): string[] {
  const runs: { name: string; times: number }[] = [];
  for (const name of calls) {
    const last = runs.at(-1);
    if (last?.name === name) last.times += 1;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : `${name} ×${times < 10 ? times : 'many'}`));
}
