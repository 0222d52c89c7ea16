import type { CheckoutEvent } from '../../domain/events';
import type { Step } from '../../domain/steps';
import type { Stream } from '../stream';
import type { Tally } from '../verdict';
import type { EventLog } from './event-log';

/** What the ledger has of a step, in the snapshot that shows the log. Only of orders whose whole time is in the log. */
export interface Change {
  readonly checkoutId: string;
  readonly step: Step;
  readonly done: boolean;
  readonly undone: boolean;
}

type EventType = CheckoutEvent['type'];

const ANNOUNCED: Readonly<Record<Step, { done: EventType; undone: EventType }>> = {
  'order-created': { done: 'order.created', undone: 'order.cancelled' },
  'payment-authorized': { done: 'payment.authorized', undone: 'payment.voided' },
  'stock-reserved': { done: 'stock.reserved', undone: 'stock.released' },
  'fulfillment-triggered': { done: 'fulfillment.triggered', undone: 'fulfillment.cancelled' },
  'notification-sent': { done: 'notification.sent', undone: 'notification.cancelled' },
  'loyalty-awarded': { done: 'loyalty.awarded', undone: 'loyalty.revoked' },
  'label-generated': { done: 'label.generated', undone: 'label.voided' },
};

/** P7, before any sink: a change and its event are committed together, so that each has the other, and once. */
export async function checkAnnouncements(changes: Stream<Change>, log: EventLog, tally: Tally): Promise<void> {
  for await (const { checkoutId, step, done, undone } of changes) {
    tally.checked += 1;
    const types = ANNOUNCED[step];
    judge(types.done, done);
    judge(types.undone, done && undone);

    function judge(type: EventType, happened: boolean): void {
      const count = log.count(checkoutId, type);
      if (happened && count === 0) {
        tally.violation('unannounced', checkoutId, `${step} changed, and the log has no ${type}`);
      } else if (happened && count > 1) {
        tally.violation('announced-twice', checkoutId, `The log has ${type} ${count} times instead of once`);
      } else if (!happened && count > 0) {
        tally.violation('uncommitted', checkoutId, `The log has ${type}, which did not happen`);
      }
    }
  }
}
