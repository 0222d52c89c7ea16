import type { PromiseName } from '../cli/verify-command';
import { events } from './events/events';
import { money } from './money/money';
import type { Scene } from './scene';
import type { Verdict } from './verdict';

export interface PromiseCheck {
  readonly title: string;
  readonly check: (scene: Scene) => Promise<Verdict>;
}

/** What must hold, each with the check that looks at it from outside. */
export const PROMISES: Readonly<Record<PromiseName, PromiseCheck>> = {
  P5: { title: 'What was charged is what completed orders cost', check: money },
  P7: { title: 'Every event is at every sink, in order, unchanged', check: events },
};
