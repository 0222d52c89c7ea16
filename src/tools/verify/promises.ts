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

/** The promises, each with the check that verifies it from outside. */
export const PROMISES: Readonly<Record<PromiseName, PromiseCheck>> = {
  P1: { title: 'Nobody is charged twice, and no key carries two bodies', check: authorizations },
  P2: { title: 'Acknowledged checkouts have one order, one workflow, and end', check: acknowledged },
  P3: { title: 'Nothing is stuck, and nothing waits for an operator', check: ends },
  P4: { title: 'Completed means seven effects in order; undone means none', check: effects },
  P5: { title: 'The money charged is what completed orders cost', check: money },
  P6: { title: 'Stock adds up, and nothing is oversold', check: stock },
  P7: { title: 'Every event reached every sink, in order and unchanged', check: events },
  P8: { title: 'The same key gets the same bytes', check: answers },
  // The replayer is a native library, which no other check needs.
  P9: {
    title: 'Every history replays',
    check: async (scene) => (await import('./histories/histories.js')).histories(scene),
  },
  P10: { title: 'No personal data, token or key where others can read it', check: privacy },
  P11: { title: 'Operator actions happen once, and record who and why', check: operators },
  P14: { title: 'Orders that lost their workflow were resumed, and end', check: recovery },
};
