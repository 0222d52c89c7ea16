import { CancellationScope, defineSignal, isCancellation, setHandler } from '@temporalio/workflow';
import type { ForwardActivities, Undecided } from '../src/contract/activities';
import { PAYMENT_NEWS } from '../src/contract/checkout';
import type { OrderKey } from '../src/contract/checkout';
import { awaitPayment } from './policies';
import type { Progress } from './progress';

const newsSignal = defineSignal(PAYMENT_NEWS);

/**
 * As often as news, or a change of who decides, make us ask at once: each time adds some ten events to the history. After that the
 * processor is asked at its own pace only.
 */
const MOST_ROUNDS = 100;

type Authorization = Exclude<Awaited<ReturnType<ForwardActivities['authorizePayment']>>, Undecided>;

/**
 * Authorizes the payment, and waits if the processor leaves it undecided. Waiting is one activity that fails until there is an answer, so
 * it takes no slot and adds nothing to the history. News from the processor ends it, and another one asks at once.
 */
export function payment(order: OrderKey, authorize: ForwardActivities['authorizePayment'], progress: Progress) {
  let rounds = 0;
  let news = 0;
  let asking: CancellationScope | undefined;
  setHandler(newsSignal, () => {
    news += 1;
    if (rounds < MOST_ROUNDS) asking?.cancel();
  });

  /** Undefined if there were news meanwhile. */
  async function ask(undecided: Undecided) {
    const known = news;
    asking = new CancellationScope();
    try {
      return await asking.run(() => awaitPayment({ ...order, ...undecided, hasNews: known > 0 }));
    } catch (cause) {
      if (news === known || !isCancellation(cause)) throw cause;
      return undefined;
    }
  }

  return async (): Promise<Authorization> => {
    let answer = await authorize(order);
    while ('waitsFor' in answer) {
      progress.waitsFor(answer.waitsFor);
      answer = (await ask(answer)) ?? answer;
      rounds += 1;
    }
    progress.waitsFor(undefined);
    return answer;
  };
}
