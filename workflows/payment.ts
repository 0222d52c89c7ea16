import { CancellationScope, defineSignal, isCancellation, setHandler } from '@temporalio/workflow';
import type { ForwardActivities, Undecided } from '../src/contract/activities';
import { PAYMENT_NEWS } from '../src/contract/checkout';
import type { OrderKey } from '../src/contract/checkout';
import { awaitPayment } from './policies';
import type { Progress } from './progress';

const newsSignal = defineSignal(PAYMENT_NEWS);

/**
 * News, or a change of who decides, end one wait and begin another, which adds some ten events to the history. The last wait ends with the
 * decision only: the processor is then asked at its own pace, and news are one event and a task each.
 */
const MOST_WAITS = 100;

type Authorization = Exclude<Awaited<ReturnType<ForwardActivities['authorizePayment']>>, Undecided>;

/**
 * Authorizes the payment, and waits if the processor leaves it undecided. Waiting is one activity that fails until there is an answer, so
 * it takes no slot and adds nothing to the history.
 */
export function payment(order: OrderKey, authorize: ForwardActivities['authorizePayment'], progress: Progress) {
  let waits = 0;
  let news = 0;
  let asking: CancellationScope | undefined;
  setHandler(newsSignal, () => {
    news += 1;
    if (waits < MOST_WAITS) asking?.cancel();
  });

  /** Undefined if there were news meanwhile. */
  async function wait({ waitsFor }: Undecided) {
    waits += 1;
    const known = news;
    asking = new CancellationScope();
    try {
      const isLast = waits === MOST_WAITS;
      return await asking.run(() => awaitPayment({ ...order, waitsFor, hasNews: known > 0, isLast }));
    } catch (cause) {
      if (news === known || !isCancellation(cause)) throw cause;
      return undefined;
    }
  }

  return async (): Promise<Authorization> => {
    let answer = await authorize({ ...order, canWait: true });
    while ('waitsFor' in answer) {
      progress.waitsFor(answer.waitsFor);
      answer = (await wait(answer)) ?? answer;
    }
    progress.waitsFor(undefined);
    return answer;
  };
}
