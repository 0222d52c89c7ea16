import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckoutRequest } from '../../src/domain/order';
import { accepted, checkoutWorld } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { LANES } from '../support/saga-harness';
import type { Lane } from '../support/saga-harness';
import { openCaseRunner } from './case-server';
import type { CaseRunner } from './case-server';
import { CANCEL_CASES, FAULT_CASES } from './matrix-cases';
import type { CancelCase, FaultCase } from './matrix-cases';
import { expectedAfterCancel, expectedAfterFault } from './reference-saga';
import type { Outcome } from './reference-saga';
import { runCancelCase, runFaultCase } from './run-case';

/*
 * Every fault at every step, with every fault of its undo, and a cancel at every point: each case is one order, run with the real activities
 * on Postgres and the sandbox, and must leave what the reference model (reference-saga.ts) says.
 */
describe.each(LANES)('%s lane', (lane) => {
  let world: CheckoutWorld;
  let runner: CaseRunner;
  const outcomes = new Map<FaultCase | CancelCase, Promise<Outcome>>();

  // All cases run at the same time: an attempt that is slower than its timeout takes ten real seconds, and they pass once for all of them.
  beforeAll(async () => {
    world = await checkoutWorld();
    runner = await openCaseRunner(lane, world.activities);
    const { db } = world;
    const accept = oneAtATime((overrides?: Partial<CheckoutRequest>) => accepted(db, overrides));
    for (const faultCase of FAULT_CASES)
      outcomes.set(
        faultCase,
        runner.run(`${lane} lane, ${faultCase.act} ${faultCase.fault}, undo ${faultCase.undoFault}`, (start) =>
          runFaultCase(faultCase, { db, lane, start, accept }),
        ),
      );
    for (const cancelCase of CANCEL_CASES)
      outcomes.set(
        cancelCase,
        runner.run(`${lane} lane, cancel ${cancelCase.when} ${cancelCase.act}`, (start) =>
          runCancelCase(cancelCase, { db, lane, start, accept }),
        ),
      );
    // A failure is reported by the case's own test.
    for (const outcome of outcomes.values()) outcome.catch(() => undefined);
  });
  afterAll(async () => {
    await runner.close();
    await world.close();
  });

  describe('a fault leaves what the reference model says', () => {
    test.each(FAULT_CASES)('$act $fault, its undo $undoFault', async (faultCase) => {
      const outcome = await outcomes.get(faultCase);

      const expected = expectedAfterFault(lane, faultCase);

      expect(comparable(lane, outcome, expected)).toEqual(comparable(lane, expected, expected));
    });
  });

  describe('a cancel leaves what the reference model says', () => {
    test.each(CANCEL_CASES)('$when $act', async (cancelCase) => {
      const outcome = await outcomes.get(cancelCase);

      const expected = expectedAfterCancel(lane, cancelCase);

      expect(comparable(lane, outcome, expected)).toEqual(comparable(lane, expected, expected));
    });
  });
});

/**
 * The number of attempts depends on chance. In the fast lane a first attempt may run out of its two seconds on a busy machine, and a workflow
 * task that times out repeats all its steps: only which activities were called is compared. In the regular lane an attempt may run out of its
 * ten seconds, so a call that is expected once may come again. Ledger and events show what was done once.
 */
function comparable(lane: Lane, outcome: Outcome | undefined, expected: Outcome): Outcome | undefined {
  if (!outcome) return outcome;
  const calls =
    lane === 'fast'
      ? [...new Set(outcome.calls.map(nameOf))]
      : outcome.calls.map((call, at) => (expected.calls[at] === nameOf(call) ? nameOf(call) : call));
  return { ...outcome, calls };
}

/** `createOrder` of `createOrder ×2`. */
const nameOf = (call: string): string => call.split(' ')[0] ?? '';

/** Each call waits for the one before it. All cases start together, and on a slow machine the last would wait too long for a connection. */
function oneAtATime<Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) {
  let previous: Promise<unknown> = Promise.resolve();
  return (...args: Arguments): Promise<Result> => {
    const current = previous.then(() => call(...args));
    previous = current.catch(() => undefined);
    return current;
  };
}
