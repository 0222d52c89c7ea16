import { log, proxyActivities } from '@temporalio/workflow';
import type { CheckoutRequest } from '../../../src/domain/order';
import type { NaiveActivities } from './activities';

export interface NaiveOrder {
  readonly checkoutId: string;
  readonly request: CheckoutRequest;
  /** Three attempts per step, and finished steps are undone when a later one fails: the saga of most tutorials. */
  readonly careful: boolean;
}

/** People who know that a card must not be charged twice set one attempt; the others set three. */
const ATTEMPTS = { careful: 3, plain: 1 };

/** Seven calls, one after the other. */
export async function naiveCheckout({ checkoutId, request, careful }: NaiveOrder): Promise<void> {
  const shop = proxyActivities<NaiveActivities>({
    startToCloseTimeout: '10s',
    retry: { maximumAttempts: careful ? ATTEMPTS.careful : ATTEMPTS.plain, initialInterval: '100ms' },
  });
  const undos: (() => Promise<void>)[] = [];
  try {
    const { orderId, total } = await shop.createOrder(checkoutId, request);
    undos.push(() => shop.cancelOrder(orderId));
    const payment = await shop.authorizePayment(checkoutId, total, request.payment.token);
    undos.push(() => shop.voidPayment(payment));
    await shop.reserveStock(orderId, request.items);
    undos.push(() => shop.releaseStock(orderId));
    const fulfillment = await shop.triggerFulfillment(checkoutId, request);
    undos.push(() => shop.cancelFulfillment(fulfillment));
    const message = await shop.sendNotification(checkoutId, request.customer.email, total);
    undos.push(() => shop.sendCancellation(message, checkoutId, request.customer.email));
    await shop.awardLoyalty(orderId, total);
    undos.push(() => shop.revokeLoyalty(orderId));
    await shop.generateLabel(checkoutId, request);
  } catch (error) {
    if (careful) for (const undo of undos.reverse()) await undo().catch((cause) => log.warn('undo failed', { cause }));
    throw error;
  }
}
