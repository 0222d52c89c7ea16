import { ApplicationFailure } from '@temporalio/activity';
import { STEP_TABLE } from '../support/recording-activities';
import { Play } from '../support/staged-activities';
import type { StagedCall } from '../support/staged-activities';
import { LABEL } from './reference-saga';
import type { CancelCell, Cell, Fault, UndoFault } from './reference-saga';

type Direct = (call: StagedCall, play: Play) => Promise<unknown>;

const LOST = 'acted, and the answer was lost';
/** A fault that stays, stays until the operators were called. */
const isOver = (play: Play) => play.answered('raiseAttention') > 0;

const STEP_FAULTS: Record<Fault, Direct> = {
  'fails before acting': async ({ act }, play) => {
    if (!isOver(play)) throw new Error('away');
    return act();
  },
  'acts and then times out': async ({ act }, play) => {
    const answer = await act();
    if (!isOver(play)) throw new Error(LOST);
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
  'is slower than its timeout': async ({ name, act, attempt }, play) => {
    const answer = await act();
    // Nobody but the server's timeout makes the second attempt; this one answers when nobody listens any more.
    if (attempt === 1) await play.until(() => play.answered(name) > 0);
    return answer;
  },
  'completes twice': async ({ act }) => (await Promise.all([act(), act()]))[0],
};

const UNDO_FAULTS: Record<UndoFault, Direct> = {
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

/** The play in which one step and its undo meet the faults of the cell. */
export function playOf({ at, fault, undo }: Cell): Play {
  const [, stepName, undoName] = STEP_TABLE[at] ?? STEP_TABLE[0];
  const play: Play = new Play((call) => {
    if (call.name === stepName) return STEP_FAULTS[fault](call, play);
    if (call.name === undoName) return UNDO_FAULTS[undo](call, play);
    return call.act();
  });
  return play;
}

/**
 * The play in which a cancel arrives at a boundary. `during` a step it reaches the workflow too, which passes over the running attempt;
 * `after` one it is only noted in Postgres, as if Temporal were away.
 */
export function playOfCancel(
  { at, when }: CancelCell,
  { cancel, cancelWorkflow }: { cancel: () => Promise<unknown>; cancelWorkflow: () => Promise<unknown> },
): Play {
  const play: Play = new Play(async ({ name, act }) => {
    if (when === 'after' && name === STEP_TABLE[at + 1]?.[1]) await cancel();
    const answer = await act();
    if (when !== 'during' || name !== STEP_TABLE[at]?.[1]) return answer;
    await cancel();
    await cancelWorkflow();
    // Up to the label, the answer comes when everything has been undone already.
    if (at < LABEL) await play.until(() => play.answered('cancelOrder') > 0);
    return answer;
  });
  return play;
}
