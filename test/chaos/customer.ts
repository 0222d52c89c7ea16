import { setTimeout as rest } from 'node:timers/promises';
import { hasEnded } from '../../src/domain/checkout-states';
import type { CheckoutState } from '../../src/domain/checkout-states';
import { judgeEnded, judgePlaced, judgeRead } from './judge';
import type { Acknowledged, Aftermath, Reply } from './judge';
import type { PlannedOrder } from './order-mix';
import type { Page } from './payers';
import type { Answer, Shop } from './shop';

/** For an order that has ended, whose outcome exists. */
const PREFER_OUTCOME = 'wait=5';

/** Places one order the way difficult customers do. Undefined if no request was accepted. */
export async function place(shop: Shop, order: PlannedOrder, differs: Differs): Promise<Acknowledged | undefined> {
  const { request, changed, copies } = order;
  const requests = [...Array.from({ length: copies }, () => request), ...(changed ? [changed] : [])];
  const replies = (
    await Promise.all(
      requests.map(async (each): Promise<Reply | undefined> => {
        const answer = await shop.place(order, each);
        return answer && { request: each, answer };
      }),
    )
  ).filter((reply) => reply !== undefined);
  for (const difference of judgePlaced(order, replies)) differs(order, difference);
  const accepted = replies.find(({ answer }) => answer.status === 202);
  if (!accepted) return undefined;
  const acknowledged = { order, request: accepted.request, acceptance: accepted.answer.body, cancelPromised: false };
  if (order.cancelAfterMs !== undefined) {
    await rest(order.cancelAfterMs);
    await cancel(shop, acknowledged, differs);
  }
  return acknowledged;
}

export type Differs = (order: PlannedOrder, difference: string) => void;

export async function cancel(shop: Shop, acknowledged: Acknowledged, differs: Differs): Promise<void> {
  const { order } = acknowledged;
  const answer = await shop.cancel(order);
  if (answer === undefined) return;
  acknowledged.cancelPromised = answer.status === 202;
  // Too late is a valid answer.
  if (answer.status === 202 || answer.code === 'too-late-to-cancel') return;
  differs(order, `acknowledged, but its cancel got ${answer.status} ${answer.body}`);
}

/** Where the customer is to approve the payment; undefined if the order has ended. */
export async function pageOf(shop: Shop, order: PlannedOrder): Promise<Page | 'not yet' | undefined> {
  const answer = await shop.read(order);
  if (answer?.status !== 200) return 'not yet';
  const { state, nextAction } = JSON.parse(answer.body) as { state: CheckoutState; nextAction?: Page | null };
  return hasEnded(state) ? undefined : (nextAction ?? 'not yet');
}

/** Requests an order that must have ended, in every way. False if an answer is missing, and so nothing can be judged. */
export async function askAgain(shop: Shop, acknowledged: Acknowledged, differs: Differs): Promise<boolean> {
  const { order, request } = acknowledged;
  const read = await shop.read(order);
  const difference = read && judgeRead(read);
  if (difference !== undefined) {
    differs(order, difference);
    return true;
  }
  const other = { ...request, customer: { ...request.customer, id: 'cus_other' } };
  const answers = {
    read,
    again: await shop.place(order, request),
    outcome: await shop.place(order, request, PREFER_OUTCOME),
    outcomeAgain: await shop.place(order, request, PREFER_OUTCOME),
    other: await shop.place(order, other),
  };
  if (!isComplete(answers)) return false;
  for (const each of judgeEnded(acknowledged, answers)) differs(order, each);
  return true;
}

const isComplete = (answers: Partial<Record<keyof Aftermath, Answer | undefined>>): answers is Aftermath =>
  !Object.values(answers).includes(undefined);
