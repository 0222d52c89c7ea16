import { STEP_TABLE } from '../support/recording-activities';
import type { Lane } from '../support/saga-harness';

export const FAULTS = [
  'fails before acting',
  'acts and then times out',
  'refuses',
  'worker dies before the answer',
  'is slower than its timeout',
  'completes twice',
] as const;
export type Fault = (typeof FAULTS)[number];

export const UNDO_FAULTS = ['works', 'fails once', 'fails for good'] as const;
export type UndoFault = (typeof UNDO_FAULTS)[number];

/** One step of the table meets a fault, and if it comes to that, its undo another. */
export interface Cell {
  readonly lane: Lane;
  readonly at: number;
  readonly fault: Fault;
  readonly undo: UndoFault;
}

/** `during` a step: it has acted and its answer is on its way. `after` it: the next one is called and has not acted. */
export interface CancelCell {
  readonly lane: Lane;
  readonly at: number;
  readonly when: 'before' | 'during' | 'after';
}

type Ledger = 'nothing' | 'done' | 'undone' | 'tombstone';

/** What is left to be seen of a saga. Calls in a row are counted: one, `×2`, or `×many` for those that used up a budget. */
export interface Story {
  readonly calls: string[];
  readonly events: string[];
  readonly ledger: Ledger[];
  state: string;
  refusal: string | undefined;
  /** The steps as clients see them at the end. */
  steps: string[];
  /** What an operator finds when an undo does not work, before it is resolved. */
  parked?: { state: string; steps: string[] };
}

const EVENTS = [
  ['order.created', 'order.cancelled'],
  ['payment.authorized', 'payment.voided'],
  ['stock.reserved', 'stock.released'],
  ['fulfillment.triggered', 'fulfillment.cancelled'],
  ['notification.sent', 'notification.cancelled'],
  ['loyalty.awarded', 'loyalty.revoked'],
  ['label.generated', 'label.voided'],
] as const;
const eventOf = (step: number, what: 'done' | 'undone') => (EVENTS[step] ?? EVENTS[0])[what === 'done' ? 0 : 1];
const undoOf = (step: number) => (STEP_TABLE[step] ?? STEP_TABLE[0])[2];
const PIVOT = 3;
export const LABEL = 6;

/** Who survives meets a carrier that refuses, unless its undo works: so that the undo of every step is tried behind every fault. */
export const refusedAtTheLabel = (cell: Cell): boolean => !turnsBack(cell) && cell.undo !== 'works' && cell.at < LABEL;

const lasts = (fault: Fault) => fault === 'fails before acting' || fault === 'acts and then times out';
/** Up to the pivot a step with a fault that stays is given up. */
const givesUp = ({ at, fault }: Cell) => lasts(fault) && at <= PIVOT;
/** A step that is given up ends the order; in the fast lane only if it has not happened. Behind the pivot only a refusal does. */
const turnsBack = (cell: Cell) =>
  cell.fault === 'refuses' || (givesUp(cell) && (cell.lane === 'regular' || cell.fault === 'fails before acting'));

const attempts = (fault: Fault | undefined) =>
  fault && lasts(fault) ? ' ×many' : fault?.startsWith('worker dies') || fault?.startsWith('is slower') ? ' ×2' : '';

const blank = (): Story => ({
  calls: [],
  events: [],
  ledger: STEP_TABLE.map(() => 'nothing'),
  state: 'completed',
  refusal: undefined,
  steps: STEP_TABLE.map(() => 'done'),
});

/** DESIGN.md, section 4, in short; it knows nothing of the code. */
export function reference(cell: Cell): Story {
  const story = blank();
  const last = turnsBack(cell) ? cell.at : LABEL;
  STEP_TABLE.slice(0, last + 1).forEach(([, act], step) => {
    const fault = step === cell.at ? cell.fault : undefined;
    const calledFor = fault !== undefined && lasts(fault) && step > PIVOT;
    const refused = fault === 'refuses' || (step === LABEL && refusedAtTheLabel(cell));
    const acts = !refused && (fault !== 'fails before acting' || calledFor);
    const givenUp = step === cell.at && cell.lane === 'fast' && givesUp(cell);
    story.calls.push(
      act + attempts(fault),
      ...(givenUp ? ['giveUpStep'] : []),
      ...(calledFor ? ['raiseAttention', act] : []),
    );
    const done = acts ? [eventOf(step, 'done'), ...(step === LABEL ? ['checkout.completed'] : [])] : [];
    // An order that has its label has ended and needs nobody, even while its workflow does not hear of it.
    const ended = step === LABEL && fault === 'acts and then times out';
    const attention = calledFor && !ended ? ['attention.raised', 'attention.cleared'] : [];
    story.events.push(...(fault === 'acts and then times out' ? [...done, ...attention] : [...attention, ...done]));
    if (acts) story.ledger[step] = 'done';
  });
  if (turnsBack(cell)) unwind(story, last, cell.fault === 'refuses' ? 'out-of-stock' : 'step-unavailable', cell);
  if (refusedAtTheLabel(cell)) unwind(story, last, 'undeliverable-address', cell);
  return story;
}

/** What clients see of an order that is undone: no difference between what did not happen and what never will. */
const shownUndone = (ledger: readonly Ledger[]) => ledger.map((row) => (row === 'undone' ? 'undone' : 'skipped'));

/** Newest first, the step that was only attempted included; what is parked is resolved by an operator at the end. */
function unwind(story: Story, from: number, refusal: string, cell?: Cell): void {
  const parked = cell?.undo === 'fails for good' ? cell.at : undefined;
  const undo = (step: number) => {
    if (story.ledger[step] === 'done') story.events.push(eventOf(step, 'undone'));
    story.ledger[step] = story.ledger[step] === 'done' ? 'undone' : 'tombstone';
  };
  for (let step = from; step >= 0; step -= 1) {
    const name = undoOf(step);
    const fault = step === cell?.at ? cell.undo : 'works';
    story.calls.push(
      ...{ works: [name], 'fails once': [`${name} ×2`], 'fails for good': [`${name} ×many`, 'raiseAttention'] }[fault],
    );
    if (step === parked) story.events.push('attention.raised');
    else undo(step);
  }
  if (parked !== undefined) {
    story.parked = { state: 'needs-attention', steps: shownUndone(story.ledger) };
    story.parked.steps[parked] = 'undo-failed';
    story.calls.push('recordRepair', undoOf(parked));
    undo(parked);
    story.events.push('attention.cleared');
  }
  story.state = refusal === 'cancelled' ? 'cancelled' : 'refused';
  story.refusal = refusal;
  story.steps = shownUndone(story.ledger);
  story.events.push(`checkout.${story.state}`);
}

/** A cancel counts until the label is under way. Whichever step it meets is undone like one that happened. */
export function referenceOfCancel({ lane, at, when }: CancelCell): Story {
  const story = blank();
  const tooLate = at === LABEL;
  const acted = when === 'before' ? 0 : at + 1;
  const called = tooLate || when === 'during' ? acted : acted + 1;
  story.calls.push(...STEP_TABLE.slice(0, called).map(([, act]) => act));
  story.events.push(...EVENTS.slice(0, acted).map(([done]) => done), ...(tooLate ? ['checkout.completed'] : []));
  story.ledger.fill('done', 0, acted);
  if (lane === 'fast') return fastCancel(story, { at, when, called });
  if (!tooLate) unwind(story, called - 1, 'cancelled');
  return story;
}

/**
 * In the fast lane the step that a cancel arrives in turns out to have happened, and the one after it is turned back; that it has not
 * happened is asked before.
 */
function fastCancel(story: Story, { at, when, called }: Omit<CancelCell, 'lane'> & { called: number }): Story {
  const heardOf = when === 'during';
  // The end of a workflow is refused if a cancel has come meanwhile, and what is in no history yet is asked for again.
  if (heardOf || at < LABEL) story.calls.push('giveUpStep');
  if (heardOf && called >= LABEL) story.calls.push('generateLabel');
  if (at === LABEL) return story;
  if (heardOf && called === LABEL) story.calls.push('giveUpStep');
  unwind(story, heardOf ? called : called - 1, 'cancelled');
  return story;
}
