import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { cancelCheckout } from '../../src/checkouts/cancel-checkout';
import type { OrderKey } from '../../src/contract/checkout';
import { REPAIR } from '../../src/contract/repair';
import type { Repair } from '../../src/contract/repair';
import { accepted, checkoutWorld, eventsOf, ledgerOf, stateOf } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { LostWorkflow } from '../support/lost-workflow';
import { tellAgain } from '../support/retold';
import { STEP_TABLE } from '../support/recording-activities';
import { LANES, SagaHarness } from '../support/saga-harness';
import type { Lane, SagaHandle, StartSaga } from '../support/saga-harness';
import { stagedActivities } from '../support/staged-activities';
import type { Play } from '../support/staged-activities';
import { FAULTS, LABEL, reference, referenceOfCancel, refusedAtTheLabel, UNDO_FAULTS } from './reference-saga';
import type { CancelCell, Cell, Story } from './reference-saga';
import { playOf, playOfCancel } from './saga-faults';

const cellsOf = (lane: Lane) =>
  STEP_TABLE.flatMap((_, at) =>
    FAULTS.flatMap((fault) => UNDO_FAULTS.map((undo): Cell => ({ lane, at, fault, undo }))),
  );
const cancelsOf = (lane: Lane): CancelCell[] => [
  { lane, at: 0, when: 'before' },
  ...STEP_TABLE.flatMap((_, at): CancelCell[] => [
    { lane, at, when: 'during' },
    { lane, at, when: 'after' },
  ]),
];
const nameOf = ({ at, fault, undo }: Cell) => `${STEP_TABLE[at]?.[1]} ${fault}, its undo ${undo}`;
const nameOfCancel = ({ at, when }: CancelCell) => `${when} ${STEP_TABLE[at]?.[1]}`;
/** On a busy machine the test server may take an update with a workflow task that runs out, and answer neither. */
const ASKED_AGAIN_AFTER_MS = 5_000;
/** So long no story of a server ended, and this one has not either. */
const LOST_AFTER_MS = 90_000;
const UNDELIVERABLE = { name: 'A', line1: 'B', city: 'C', postalCode: '00000', country: 'GB' };

let world: CheckoutWorld;

describe.each(LANES)('%s lane', (lane) => {
  const theatres: Theatre[] = [];
  /** What is left of each cell, by its name. */
  const stories = new Map<string, Promise<Story>>();
  const cells = cellsOf(lane);
  const cancels = cancelsOf(lane);

  // All at once in one worker: an attempt slower than its timeout takes ten real seconds, and so they pass once for all.
  beforeAll(async () => {
    world = await checkoutWorld();
    const theatre = await openTheatre(lane);
    theatres.push(theatre);
    let second: Promise<Theatre> | undefined;
    const elsewhere = () => (second ??= openTheatre(lane).then((another) => (theatres.push(another), another)));
    const play = (name: string, run: Run) => played(`${lane} lane, ${name}`, run, { theatre, elsewhere });
    for (const cell of cells)
      stories.set(
        nameOf(cell),
        play(nameOf(cell), (begin) => runCell(cell, begin)),
      );
    for (const cell of cancels)
      stories.set(
        nameOfCancel(cell),
        play(nameOfCancel(cell), (begin) => runCancel(cell, begin)),
      );
    // Each is told of by its own test.
    for (const story of stories.values()) story.catch(() => undefined);
  });
  afterAll(async () => {
    await Promise.all(theatres.map((theatre) => theatre.close()));
    await world.close();
  });

  describe('a step that meets a fault', () => {
    test.each(cells.map((cell) => [nameOf(cell), cell] as const))('%s', async (name, cell) => {
      expect(asSeenIn(lane, await stories.get(name))).toEqual(asSeenIn(lane, reference(cell)));
    });
  });

  describe('a cancel', () => {
    test.each(cancels.map((cell) => [nameOfCancel(cell), cell] as const))('%s', async (name, cell) => {
      expect(asSeenIn(lane, await stories.get(name))).toEqual(asSeenIn(lane, referenceOfCancel(cell)));
    });
  });
});

/**
 * How often a step is tried is chance in the fast lane: a busy machine, or a cancel, lets a first attempt run out of its two seconds, and a
 * workflow task that runs out is done again with all its steps. What was done but once is told by ledger and events.
 */
function asSeenIn(lane: Lane, story: Story | undefined): Story | undefined {
  if (lane === 'regular' || !story) return story;
  return { ...story, calls: [...new Set(story.calls.map((call) => call.split(' ')[0] ?? ''))] };
}

type Begin = (order: OrderKey, play: Play) => Promise<SagaHandle>;
type Run = (begin: Begin) => Promise<Story>;

/** A time-skipping server, and a worker for as many stories as are begun on it. */
interface Theatre {
  readonly begin: Begin;
  readonly connection: SagaHarness['connection'];
  /** How many of its stories have come to their end. */
  ends: number;
  close(): Promise<void>;
}

async function openTheatre(lane: Lane): Promise<Theatre> {
  const harness = await SagaHarness.start(lane);
  const { activities, stage } = stagedActivities(world.activities);
  let enough = () => undefined as void;
  let worker: Promise<void> = Promise.resolve();
  const start = await new Promise<StartSaga>((resolve, reject) => {
    worker = harness.runMany(activities, (ready) => {
      resolve(ready);
      return new Promise<void>((done) => (enough = done));
    });
    worker.catch(reject);
  });
  return {
    begin: (order, play) => (stage(order, play), start(order)),
    connection: harness.connection,
    ends: 0,
    close: async () => {
      enough();
      await worker;
      await harness.stop();
    },
  };
}

/** A story whose workflow the server lost is played once more, on another server; lost twice is a failure. */
async function played(
  name: string,
  run: Run,
  { theatre, elsewhere }: { theatre: Theatre; elsewhere: () => Promise<Theatre> },
): Promise<Story> {
  const { begin, connection } = theatre;
  const over = new AbortController();
  let begun: SagaHandle | undefined;
  const first = connection.withAbortSignal(over.signal, () =>
    run(async (order, play) => (begun = await begin(order, play))),
  );
  // A slow machine is slow for all of them: while others come to their ends this one is not lost.
  for (let ends = -1; ends !== theatre.ends;) {
    ends = theatre.ends;
    const story = await Promise.race([first, rest(LOST_AFTER_MS, undefined, { ref: false })]);
    if (!story) continue;
    theatre.ends += 1;
    return story;
  }
  tellAgain(name, begun ? (await LostWorkflow.of(begun)).message : 'its workflow did not begin in time');
  // Else it would go on beside the second.
  first.catch(() => undefined);
  over.abort();
  return run((await elsewhere()).begin);
}

let turn: Promise<unknown> = Promise.resolve();

/** All stories begin at once, and a slow machine would keep the last of them waiting for a connection for too long. */
function acceptedInTurn(overrides?: Parameters<typeof accepted>[1]): Promise<OrderKey> {
  const mine = turn.then(() => accepted(world.db, overrides));
  turn = mine.catch(() => undefined);
  return mine;
}

async function runCell(cell: Cell, begin: Begin): Promise<Story> {
  const order = await acceptedInTurn(refusedAtTheLabel(cell) ? { shippingAddress: UNDELIVERABLE } : {});
  const play = playOf(cell);
  const handle = await begin(order, play);
  const end = ended(handle);
  const parked = reference(cell).parked && (await resolved(cell, order, { play, handle, end }));
  await end;
  return { ...(await whatIsLeft(order, play)), ...(parked && { parked }) };
}

async function runCancel(cell: CancelCell, begin: Begin): Promise<Story> {
  const order = await acceptedInTurn();
  const cancel = () => cancelCheckout(world.db, { tenant: order.tenant, id: order.checkoutId });
  if (cell.when === 'before') await cancel();
  let started = (_: SagaHandle) => undefined as void;
  const handle = new Promise<SagaHandle>((resolve) => (started = resolve));
  const play = playOfCancel(cell, { cancel, cancelWorkflow: async () => (await handle).cancel() });
  started(await begin(order, play));
  await ended(await handle);
  const { answer } = await cancel();
  expect(answer).toBe(cell.at === LABEL ? 'too-late' : 'cancelling');
  return whatIsLeft(order, play);
}

const ended = (handle: SagaHandle) =>
  handle.result().then(
    () => undefined,
    () => undefined,
  );

/** Waits until nothing but the parked undo is left, looks, and settles it as an operator does who has done it by hand. */
async function resolved(
  cell: Cell,
  order: OrderKey,
  { play, handle, end }: { play: Play; handle: SagaHandle; end: Promise<void> },
): Promise<Story['parked']> {
  const raised = reference(cell).calls.filter((name) => name === 'raiseAttention').length;
  const oldestRan = () => cell.at === 0 || play.answered('cancelOrder') > 0;
  await Promise.race([play.until(() => play.answered('raiseAttention') === raised && oldestRan()), end]);
  const { state, steps } = await stateOf(world.db, order);

  const [step] = STEP_TABLE[cell.at] ?? STEP_TABLE[0];
  const repair: Repair = { id: randomUUID(), step, action: 'resolve', reason: 'done by hand', operator: 'key-1' };
  const ask = () =>
    handle.executeUpdate<void, [Repair]>(REPAIR, { updateId: randomUUID(), args: [repair] }).then(
      () => true,
      (error: unknown) => {
        // The workflow has not heard yet that the operators were called, or the server has lost an update with its workflow task.
        if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      },
    );
  // Whose answer does not come asks again, as an operator does: it is the same repair, and is done once.
  await eventually(() =>
    Promise.race([ask(), end.then(() => true), rest(ASKED_AGAIN_AFTER_MS, undefined, { ref: false })]),
  );
  return { state, steps };
}

async function whatIsLeft(order: OrderKey, play: Play): Promise<Story> {
  const [view, ledger, events] = await Promise.all([
    stateOf(world.db, order),
    ledgerOf(world.db, order),
    eventsOf(world.db, order),
  ]);
  return { ...view, ledger, events, calls: counted(play.calls) };
}

/** Calls of one activity in a row as one, with their number. */
function counted(calls: readonly string[]): string[] {
  const runs: { name: string; times: number }[] = [];
  for (const name of calls) {
    const last = runs.at(-1);
    if (last?.name === name) last.times += 1;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : `${name} ×${times < 10 ? times : 'many'}`));
}
