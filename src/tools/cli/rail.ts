import { STEPS } from '../../domain/steps';
import type { CheckoutSnapshot, StepSnapshot } from './checkout-snapshot';
import { duration, elapsedMs } from '../terminal/duration';
import type { Line } from '../terminal/paint';
import { STATE_STYLES, STEP_SYMBOLS } from './step-symbols';
import { cartOf } from './summary';

const NAME_WIDTH = Math.max(...STEPS.map((name) => name.length));
const STATE_WIDTH = Math.max(...Object.keys(STEP_SYMBOLS).map((state) => state.length));
const TIME_WIDTH = '+59.9 s'.length;

/** Two lines about the checkout, a blank one, the steps. */
export const RAIL_HEIGHT = 3 + STEPS.length;

/** A checkout as lines of coloured text. `frame` turns the spinners of steps that are under way. */
export function rail(snapshot: CheckoutSnapshot, nowMs: number, frame: number): Line[] {
  return [
    heading(snapshot, nowMs),
    [{ text: `  ${cartOf(snapshot)}`, style: 'dim' }],
    [],
    ...stepLines(snapshot, nowMs, frame),
  ];
}

function heading(snapshot: CheckoutSnapshot, nowMs: number): Line {
  const undoing = snapshot.state === 'running' && snapshot.steps.some(({ state }) => state.startsWith('und'));
  return [
    { text: `  ${snapshot.id}`, style: 'bold' },
    { text: '  ' },
    { text: undoing ? 'undoing' : snapshot.state, style: undoing ? 'yellow' : STATE_STYLES[snapshot.state] },
    { text: `  ${duration(elapsedMs(snapshot, nowMs))}`, style: 'dim' },
  ];
}

const stepLines = (snapshot: CheckoutSnapshot, nowMs: number, frame: number): Line[] =>
  snapshot.steps.map((step) => {
    const { symbol, style } = STEP_SYMBOLS[step.state];
    return [
      { text: `  ${symbol.charAt(frame % symbol.length)} `, style },
      { text: step.name.padEnd(NAME_WIDTH + 2), ...(step.state === 'pending' ? { style } : {}) },
      { text: step.state.padEnd(STATE_WIDTH), style },
      { text: `  ${timeOf(step, snapshot, nowMs).padStart(TIME_WIDTH)}`, style: 'dim' },
    ];
  });

/** How long a step has been under way; otherwise how long after the acceptance it reached its state. */
function timeOf({ state, at }: StepSnapshot, { acceptedAt }: CheckoutSnapshot, nowMs: number): string {
  if (!at || state === 'pending') return '';
  if (state === 'running' || state === 'undoing') return duration(nowMs - Date.parse(at));
  return `+${duration(Date.parse(at) - Date.parse(acceptedAt))}`;
}
