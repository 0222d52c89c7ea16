import type { OrderKey } from '../../src/contract/checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import { EVENT_COLUMNS, outboxEventOf } from '../../src/outbox/outbox-event';
import type { EventRow } from '../../src/outbox/outbox-event';
import type { Parcel } from '../../src/outbox/sink';
import { accepted, stepsBefore } from './checkout-world';
import type { CheckoutWorld } from './checkout-world';
import { STEP_TABLE } from './recording-activities';

const ALL_BUT_LABEL = STEP_TABLE.length - 1;

/** A completed checkout that is not captured yet. */
export async function completed(
  { db, activities }: CheckoutWorld,
  request: Partial<CheckoutRequest> = {},
): Promise<OrderKey> {
  const order = await accepted(db, request);
  await stepsBefore(activities, order, ALL_BUT_LABEL);
  await activities.generateLabel(order);
  return order;
}

/** Its `label.generated` event, as a relay reads it from the log. */
export async function labelOf({ db }: CheckoutWorld, { checkoutId }: OrderKey): Promise<Parcel> {
  const { rows } = await db.query<EventRow>(
    `select ${EVENT_COLUMNS} from outbox_events event where aggregateid = $1 and type = 'label.generated'`,
    [checkoutId],
  );
  const [row] = rows;
  if (!row) throw new Error(`${checkoutId} has no label`);
  return { event: outboxEventOf(row), target: '' };
}
