import { ENDS } from '../../../domain/checkout-states';
import type { CheckoutState } from '../../../domain/checkout-states';
import type { CheckoutEvent } from '../../../domain/events';
import type { Step } from '../../../domain/steps';
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

/** Where a checkout stands, by its row in the same snapshot. */
export interface Ending {
  readonly checkoutId: string;
  readonly state: CheckoutState;
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
    const { done: doing, undone: undoing } = ANNOUNCED[step];
    judge({ checkoutId, what: `${step} changed`, type: doing, happened: done }, log, tally);
    judge({ checkoutId, what: `${step} changed`, type: undoing, happened: done && undone }, log, tally);
  }
}

/** The same of whole checkouts: one that has ended has announced that end and no other, one that has not has announced none. */
export async function checkEndings(checkouts: Stream<Ending>, log: EventLog, tally: Tally): Promise<void> {
  for await (const { checkoutId, state } of checkouts) {
    tally.checked += 1;
    for (const end of ENDS) {
      judge({ checkoutId, what: `It is ${end}`, type: `checkout.${end}`, happened: state === end }, log, tally);
    }
  }
}

function judge(
  { checkoutId, what, type, happened }: { checkoutId: string; what: string; type: EventType; happened: boolean },
  log: EventLog,
  tally: Tally,
): void {
  const count = log.count(checkoutId, type);
  if (happened && count === 0) {
    tally.violation('unannounced', checkoutId, `${what}, and the log has no ${type}`);
  } else if (happened && count > 1) {
    tally.violation('announced-twice', checkoutId, `The log has ${type} ${count} times instead of once`);
  } else if (!happened && count > 0) {
    tally.violation('uncommitted', checkoutId, `The log has ${type}, which did not happen`);
  }
}
