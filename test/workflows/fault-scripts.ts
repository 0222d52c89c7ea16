import { ApplicationFailure } from '@temporalio/activity';
import { STEP_TABLE } from '../support/recording-activities';
import { Script } from '../support/scripted-activities';
import type { ActivityCall } from '../support/scripted-activities';
import type { CancelCase, Fault, FaultCase, UndoFault } from './matrix-cases';
import { LABEL } from './reference-saga';

type Respond = (call: ActivityCall, script: Script) => Promise<unknown>;

const LOST = 'acted, and the answer was lost';
const operatorsWereCalled = (script: Script) => script.answers('raiseAttention') > 0;

const RESPONSES: Record<Fault, Respond> = {
  'fails before acting': async ({ act }, script) => {
    if (!operatorsWereCalled(script)) throw new Error('away');
    return act();
  },
  'acts and then times out': async ({ act }, script) => {
    const answer = await act();
    if (!operatorsWereCalled(script)) throw new Error(LOST);
    return answer;
  },
  refuses: async () => {
    throw ApplicationFailure.nonRetryable('no', 'OutOfStock');
  },
  'worker dies before the answer': async ({ act, attempt }) => {
    const answer = await act();
    if (attempt === 1) throw new Error(LOST);
    return answer;
  },
  'is slower than its timeout': async ({ name, act, attempt }, script) => {
    const answer = await act();
    // The server's timeout starts the second attempt. The first answers after that, when nobody waits for it any more.
    if (attempt === 1) await script.until(() => script.answers(name) > 0);
    return answer;
  },
  'completes twice': async ({ act }) => (await Promise.all([act(), act()]))[0],
};

const UNDO_RESPONSES: Record<UndoFault, Respond> = {
  works: ({ act }) => act(),
  'fails once': async ({ act, attempt }) => {
    await act();
    if (attempt === 1) throw new Error(LOST);
  },
  'fails for good': async ({ act, order }) => {
    if (!order.byHand) throw new Error('away');
    return act();
  },
};

/** One step meets its fault, and its undo meets the undo's. */
export function faultScript({ at, fault, undoFault }: FaultCase): Script {
  const row = STEP_TABLE[at] ?? STEP_TABLE[0];
  return new Script((call, script) => {
    if (call.name === row.act) return RESPONSES[fault](call, script);
    if (call.name === row.undo) return UNDO_RESPONSES[undoFault](call, script);
    return call.act();
  });
}

/**
 * The customer cancels while the steps run. `during` a step, the cancel reaches the workflow too, which gives up the running attempt. `after`
 * a step it is only recorded in Postgres, as if Temporal were down.
 */
export function cancelScript(
  { at, when }: CancelCase,
  { cancel, cancelWorkflow }: { cancel: () => Promise<unknown>; cancelWorkflow: () => Promise<unknown> },
): Script {
  return new Script(async ({ name, act }, script) => {
    if (when === 'after' && name === STEP_TABLE[at + 1]?.act) await cancel();
    const answer = await act();
    if (when !== 'during' || name !== STEP_TABLE[at]?.act) return answer;
    await cancel();
    await cancelWorkflow();
    // Before the label, the answer arrives when everything has already been undone.
    if (at < LABEL) await script.until(() => script.answers('cancelOrder') > 0);
    return answer;
  });
}
