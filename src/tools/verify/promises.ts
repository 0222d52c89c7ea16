import type { PromiseName } from './command';
import { acknowledged } from './acknowledged/acknowledged';
import { answers } from './answers/answers';
import { authorizations } from './authorizations/authorizations';
import { effects } from './effects/effects';
import { ends } from './ends/ends';
import { events } from './events/events';
import { money } from './money/money';
import { operators } from './operators/operators';
import { privacy } from './privacy/privacy';
import { recovery } from './recovery/recovery';
import type { Scene } from './scene';
import { stock } from './stock/stock';
import type { Verdict } from './verdict';

export interface PromiseCheck {
  readonly title: string;
  readonly check: (scene: Scene) => Promise<Verdict>;
}

/** What must hold, each with the check that looks at it from outside. */
export const PROMISES: Readonly<Record<PromiseName, PromiseCheck>> = {
  P1: { title: 'Nobody is charged twice, and no key carries two bodies', check: authorizations },
  P2: { title: 'What was acknowledged has one order, one workflow, and ends', check: acknowledged },
  P3: { title: 'Nothing is stuck, and nothing waits for an operator', check: ends },
  P4: { title: 'Completed is seven effects in order, undone is none', check: effects },
  P5: { title: 'What was charged is what completed orders cost', check: money },
  P6: { title: 'Stock adds up, and nothing is oversold', check: stock },
  P7: { title: 'Every event is at every sink, in order, unchanged', check: events },
  P8: { title: 'The same key gets the same bytes', check: answers },
  // A replayer is a native library, which no other check needs.
  P9: {
    title: 'Every history replays',
    check: async (scene) => (await import('./histories/histories.js')).histories(scene),
  },
  P10: { title: 'No personal data, token or key where others read', check: privacy },
  P11: { title: 'What operators did was done once, and says who and why', check: operators },
  P14: { title: 'Orders that lost their workflow were taken up again, and end', check: recovery },
};
