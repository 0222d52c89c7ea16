import { hasEnded } from '../../domain/checkout-states';
import type { CheckoutState } from '../../domain/checkout-states';
import type { CheckoutSnapshot, StepSnapshot } from './checkout-snapshot';
import { duration } from '../terminal/duration';

const TIME_WIDTH = '+59.9 s'.length;
const NAME_WIDTH = 'fulfillment-triggered'.length;

/** These begin after the last step that moved. */
const WAITS: ReadonlySet<CheckoutState> = new Set(['needs-attention', 'awaiting-customer']);

const isBackward = ({ state }: StepSnapshot) => state === 'undoing' || state === 'undone' || state === 'undo-failed';

/**
 * What happened between two snapshots, one line each, in the order it happened: steps forward, then undos newest
 * first. Without an earlier snapshot: everything that has happened so far.
 */
export function changes(before: CheckoutSnapshot | undefined, after: CheckoutSnapshot, nowMs: number): string[] {
  const earlier = new Map(before?.steps.map(({ name, state }) => [name, state]));
  const moved = after.steps.filter(({ name, state }) => state !== (earlier.get(name) ?? 'pending'));
  const steps = [...moved.filter((step) => !isBackward(step)), ...moved.filter(isBackward).reverse()].map((step) =>
    line(after, momentOf(step.at, nowMs), step.name, step.state),
  );
  if (before?.state === after.state) return steps;

  if (hasEnded(after.state) || WAITS.has(after.state)) {
    return [...steps, line(after, momentOf(after.endedAt, nowMs), 'checkout', after.state)];
  }
  // The time it began to run is not recorded: it was no later than the first step that moved.
  const began = Math.min(nowMs, ...moved.map(({ at }) => momentOf(at, nowMs)));
  return [line(after, began, 'checkout', after.state), ...steps];
}

const momentOf = (at: string | null | undefined, nowMs: number) => (at ? Date.parse(at) : nowMs);

const line = ({ acceptedAt }: CheckoutSnapshot, moment: number, name: string, state: string) =>
  `${`+${duration(moment - Date.parse(acceptedAt))}`.padStart(TIME_WIDTH)}  ${name.padEnd(NAME_WIDTH)}  ${state}`;
