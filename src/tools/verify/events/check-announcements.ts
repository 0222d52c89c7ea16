import type { Decider } from '../../../contract/activities';
import { ENDS } from '../../../domain/checkout-states';
import type { CheckoutState } from '../../../domain/checkout-states';
import { STEP_EVENTS } from '../../../domain/events';
import type { CheckoutEvent } from '../../../domain/events';
import type { Step } from '../../../domain/steps';
import type { Stream } from '../stream';
import type { Tally } from '../verdict';
import type { EventLog } from './event-log';

/** A step in the ledger, from the same snapshot as the log. Only of orders whose events are all still in the log. */
export interface Change {
  readonly checkoutId: string;
  readonly step: Step;
  readonly done: boolean;
  readonly undone: boolean;
}

/** The state of a checkout, from its row in the same snapshot. */
export interface Ending {
  readonly checkoutId: string;
  readonly state: CheckoutState;
  /** Who was to decide on its payment at last, if the processor did not do so at once. */
  readonly waited: Decider | null;
}

type EventType = CheckoutEvent['type'];

const ASKED: EventType = 'payment.awaiting-customer';

/** P7, before any sink: a change and its event are committed together, so each change has exactly one event. */
export async function checkAnnouncements(changes: Stream<Change>, log: EventLog, tally: Tally): Promise<void> {
  for await (const { checkoutId, step, done, undone } of changes) {
    tally.checked += 1;
    const { done: doing, undone: undoing } = STEP_EVENTS[step];
    judge({ checkoutId, what: `${step} changed`, type: doing, happened: done }, log, tally);
    judge({ checkoutId, what: `${step} changed`, type: undoing, happened: done && undone }, log, tally);
  }
}

/**
 * The same for whole checkouts: an ended one has announced that end and no other; an open one has announced none. One that waited for its
 * customer has said so, perhaps several times.
 */
export async function checkEndings(checkouts: Stream<Ending>, log: EventLog, tally: Tally): Promise<void> {
  for await (const { checkoutId, state, waited } of checkouts) {
    tally.checked += 1;
    for (const end of ENDS) {
      judge({ checkoutId, what: `It is ${end}`, type: `checkout.${end}`, happened: state === end }, log, tally);
    }
    const asked = log.count(checkoutId, ASKED);
    if (waited === 'customer' && asked === 0)
      tally.violation('unannounced', checkoutId, `It waited for its customer, but the log has no ${ASKED}`);
    if (waited === null && asked > 0)
      tally.violation('uncommitted', checkoutId, `The log has ${ASKED}, which did not happen`);
  }
}

function judge(
  { checkoutId, what, type, happened }: { checkoutId: string; what: string; type: EventType; happened: boolean },
  log: EventLog,
  tally: Tally,
): void {
  const count = log.count(checkoutId, type);
  if (happened && count === 0) {
    tally.violation('unannounced', checkoutId, `${what}, but the log has no ${type}`);
  } else if (happened && count > 1) {
    tally.violation('announced-twice', checkoutId, `The log has ${type} ${count} times instead of once`);
  } else if (!happened && count > 0) {
    tally.violation('uncommitted', checkoutId, `The log has ${type}, which did not happen`);
  }
}
