import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { cancelCheckout } from '../../src/checkouts/cancel-checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import { accepted, checkoutWorld, eventsOf, ledgerOf, stateOf } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { STEP_TABLE } from '../support/recording-activities';
import { SagaHarness } from '../support/saga-harness';
import type { SagaHandle } from '../support/saga-harness';
import { Play, stagedActivities } from '../support/staged-activities';
import { FAULTS, reference, referenceOfCancel, refusedAtTheLabel, UNDO_FAULTS } from './reference-saga';
import type { CancelCell, Cell, Story } from './reference-saga';
import { playOf } from './saga-faults';

const CELLS: Cell[] = STEP_TABLE.flatMap((_, at) =>
  FAULTS.flatMap((fault) => UNDO_FAULTS.map((undo) => ({ at, fault, undo }))),
);
const CANCELS: CancelCell[] = [
  { at: 0, when: 'before' },
  ...STEP_TABLE.flatMap((_, at): CancelCell[] => [
    { at, when: 'during' },
    { at, when: 'after' },
  ]),
];
const nameOf = (cell: Cell) => `${STEP_TABLE[cell.at]![1]} ${cell.fault}, its undo ${cell.undo}`;
const nameOfCancel = ({ at, when }: CancelCell) => `${when} ${STEP_TABLE[at]![1]}`;

const UNDELIVERABLE = { name: 'A', line1: 'B', city: 'C', postalCode: '00000', country: 'GB' };

const LIMIT = Number(process.env['LIMIT'] ?? 40);
/** Runs what it is given, so many at once and in that order. */
function turns(atOnce: number) {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
const DEBUG = new Map<string, Play>();
let world: CheckoutWorld;
let harness: SagaHarness;
/** What happened, by the name of the cell. */
const seen = new Map<string, Promise<Story>>();

beforeAll(async () => {
  [world, harness] = await Promise.all([checkoutWorld(), SagaHarness.start()]);
  const { activities, stage } = stagedActivities(world.activities);
  // All at once in one worker: an attempt that is slower than its timeout takes ten real seconds, and so they pass once.
  await harness.runMany(activities, async (start) => {
    const slowFirst = CELLS.toSorted((a, b) => Number(b.fault.startsWith('is slower')) - Number(a.fault.startsWith('is slower')));
    const turn = turns(LIMIT);
    for (const cell of slowFirst) seen.set(nameOf(cell), turn(() => play(cell)));
    const t0 = Date.now(); const open = new Set(seen.keys());
    for (const [n, p] of seen) void p.catch((e: unknown) => console.error(n, e)).finally(() => open.delete(n));
    const iv = setInterval(() => require('node:fs').appendFileSync('/tmp/helper/progress.log', `${Date.now() - t0} open ${open.size}\n` + (open.size < 150 ? [...open].map((n) => n + ': ' + [...counted(DEBUG.get(n)?.calls ?? []), DEBUG.has(n) ? '' : 'UNSTARTED'].join(' ')).join('\n') + '\n' : '')), 3000);
    await Promise.race([Promise.allSettled(seen.values()), new Promise((r) => setTimeout(r, 60000))]);
    clearInterval(iv);
    for (const cell of CANCELS) seen.set(nameOfCancel(cell), turn(() => cancel(cell)));
    await Promise.race([Promise.allSettled(seen.values()), new Promise((r) => setTimeout(r, 10000))]);

    async function play(cell: Cell): Promise<Story> {
      const order = await accepted(world.db, refusedAtTheLabel(cell) ? { shippingAddress: UNDELIVERABLE } : {});
      const directed = playOf(cell);DEBUG.set(nameOf(cell), directed);
      stage(order, directed);
      const handle = await start(order);
      const { parked } = reference(cell);
      const [found] = await Promise.all([parked ? resolved(cell, order, directed, handle) : undefined, ended(handle)]);
      return { ...(await left(order, directed)), ...(found && { parked: found }) };
    }

    async function cancel(cell: CancelCell): Promise<Story> {
      const order = await accepted(world.db);
      const wish = () => cancelCheckout(world.db, { tenant: order.tenant, id: order.checkoutId, now: new Date() });
      const { handle, directed } = cancelled(cell, wish);
      stage(order, directed);DEBUG.set(nameOfCancel(cell), directed);
      if (cell.when === 'before') await wish();
      const started = await start(order);
      handle(started);
      await ended(started);
      if (cell.when === 'after' && cell.at === STEP_TABLE.length - 1) expect((await wish()).answer).toBe('too-late');
      return left(order, directed);
    }
  });
}, 240_000);
afterAll(async () => {
  await harness.stop();
  await world.close();
});

const ended = (handle: SagaHandle) =>
  handle.result().then(
    () => undefined,
    () => undefined,
  );
const views = ({ ledger, state }: Pick<Story, 'ledger' | 'state'>) =>
  ledger.map((row) =>
    row === 'nothing' || row === 'tombstone' ? (state === 'completed' ? 'pending' : 'skipped') : row,
  );

async function left(order: OrderKey, play: Play): Promise<Story> {
  const { state, refusal, steps } = await stateOf(world.db, order);
  const ledger = await ledgerOf(world.db, order);
  expect(steps).toEqual(views({ ledger, state }));
  return { state, refusal, ledger, events: await eventsOf(world.db, order), calls: counted(play.calls) };
}

/** Calls in a row of the same activity as one, with their number. */
function counted(calls: readonly string[]): string[] {
  const runs: { name: string; times: number }[] = [];
  for (const name of calls) {
    const last = runs.at(-1);
    if (last?.name === name) last.times += 1;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : times < 10 ? `${name} ×${times}` : `${name} ×many`));
}

/** Waits until nothing but the parked undo is left, looks, and resolves it as an operator does. */
async function resolved(cell: Cell, order: OrderKey, play: Play, handle: SagaHandle) {
  const raised = reference(cell).calls.filter((name) => name === 'raiseAttention').length;
  await play.until(
    () => play.answered('raiseAttention') === raised && (cell.at === 0 || play.answered('cancelOrder') === 1),
  );
  const { state, steps } = await stateOf(world.db, order);
  const repair: Repair = {
    id: randomUUID(),
    step: STEP_TABLE[cell.at]![0],
    action: 'resolve',
    reason: 'done by hand',
    operator: 'key-1',
  };
  await eventually(() =>
    handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: randomUUID(), args: [repair] }).then(
      () => true,
      (error: unknown) => {
        // The workflow has not heard yet that the operators were called.
        if (error instanceof WorkflowUpdateFailedError) return undefined;
        throw error;
      },
    ),
  );
  return { state, steps };
}

function cancelled({ at, when }: CancelCell, wish: () => Promise<unknown>) {
  let handle: (handle: SagaHandle) => void = () => undefined;
  const started = new Promise<SagaHandle>((resolve) => (handle = resolve));
  const isLabel = at === STEP_TABLE.length - 1;
  const directed: Play = new Play(async ({ name, act }) => {
    if (when === 'during' && name === STEP_TABLE[at]![1]) {
      const answer = await act();
      await wish();
      await (await started).cancel();
      // Its answer comes when the saga has long passed over it.
      if (!isLabel) await directed.until(() => directed.answered('cancelOrder') > 0);
      return answer;
    }
    if (when === 'after' && name === STEP_TABLE[at + 1]?.[1]) await wish();
    return act();
  });
  return { handle, directed };
}

describe('a step that meets a fault', () => {
  test.each(CELLS.map((cell) => [nameOf(cell), cell] as const))('%s', async (name, cell) => {
    expect(await seen.get(name)).toEqual(reference(cell));
  });
});

describe('a cancel', () => {
  test.each(CANCELS.map((cell) => [nameOfCancel(cell), cell] as const))('%s', async (name, cell) => {
    expect(await seen.get(name)).toEqual(referenceOfCancel(cell));
  });
});
