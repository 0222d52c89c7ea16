import type { CheckoutState } from '../../domain/checkout-states';
import type { StepState } from '../../domain/steps';
import type { Style } from '../terminal/paint';

const FORWARD_FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
/** The same spinner, turning backwards. */
const BACKWARD_FRAMES = [...FORWARD_FRAMES].reverse().join('');

interface Look {
  /** More than one character is an animation. */
  readonly symbol: string;
  readonly style: Style;
}

export const STEP_SYMBOLS: Readonly<Record<StepState, Look>> = {
  pending: { symbol: '·', style: 'dim' },
  running: { symbol: FORWARD_FRAMES, style: 'cyan' },
  done: { symbol: '✓', style: 'green' },
  undoing: { symbol: BACKWARD_FRAMES, style: 'yellow' },
  undone: { symbol: '↺', style: 'yellow' },
  'undo-failed': { symbol: '✗', style: 'red' },
  skipped: { symbol: '–', style: 'dim' },
};

export const STATE_STYLES: Readonly<Record<CheckoutState, Style>> = {
  accepted: 'cyan',
  running: 'cyan',
  'awaiting-customer': 'yellow',
  completed: 'green',
  refused: 'red',
  cancelled: 'yellow',
  'needs-attention': 'red',
};
