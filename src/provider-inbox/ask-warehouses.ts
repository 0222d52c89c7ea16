import type { FulfillmentAnswer } from '../ports/warehouse';
import type { Unseen } from '../ports/payment-gateway';
import { providerKey } from '../ports/provider-key';
import type { ProviderOf } from '../ports/providers';
import type { Database } from '../postgres/database';
import type { Logger } from '../runtime/logger';
import { startLoop } from '../runtime/loop';
import { markAsked, startForgettingNotices, takeDue } from './notices';
import type { Due } from './notices';
import { noteRefusal, takeBackRefusal } from './refused-later';
import { INBOX_ROLES } from './senders';

/** As many as one pass asks about, one after another: a warehouse refuses now and then. */
const MOST_AT_ONCE = 20;

interface Parts {
  readonly db: Database;
  readonly providerOf: ProviderOf;
  readonly logger: Logger;
}

const ASK_REST_MS = 1_000;

/** Beside each worker; any number of them may run concurrently. */
export function startAskingWarehouses(parts: Parts) {
  const { db, logger } = parts;
  const loops = [
    startLoop('ask-warehouses', () => askWarehouses(parts), { restMs: ASK_REST_MS, full: MOST_AT_ONCE, logger }),
    startForgettingNotices(db, logger),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}

/** Asks warehouses what has become of the fulfillments of which a notice came in, and acts on the answers; returns how many it asked about. */
export async function askWarehouses({ db, providerOf, logger }: Parts): Promise<number> {
  const due = await takeDue(db, 'warehouse', MOST_AT_ONCE);
  for (const order of due) {
    try {
      if (await isSettled(db, providerOf, order)) await markAsked(db, 'warehouse', [order]);
    } catch (err) {
      // One that fails holds up no other.
      logger.warn({ err, checkoutId: order.checkoutId }, 'a warehouse could not be asked; it will be again');
    }
  }
  return due.length;
}

/** False if the step is still to be recorded: its own attempt is about to hear the same. */
async function isSettled(db: Database, providerOf: ProviderOf, order: Due): Promise<boolean> {
  const warehouse = await providerOf('warehouse', order);
  const key = providerKey(order.checkoutId, INBOX_ROLES.warehouse);
  const answer: FulfillmentAnswer | Unseen = (await warehouse.find?.({ key })) ?? { outcome: 'unseen' };
  if (answer.outcome === 'refused') return noteRefusal(db, order.checkoutId, answer.reason);
  if (answer.outcome === 'triggered' || answer.outcome === 'accepted') await takeBackRefusal(db, order.checkoutId);
  return true;
}
