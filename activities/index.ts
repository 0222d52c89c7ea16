import type { CheckoutActivities } from '../src/contract/activities';
import type { Carrier } from '../src/ports/carrier';
import type { Mailer } from '../src/ports/mailer';
import type { PaymentGateway } from '../src/ports/payment-gateway';
import type { Warehouse } from '../src/ports/warehouse';
import type { Database } from '../src/postgres/database';
import { attentionActivities } from './attention';
import { paymentActivities } from './authorize-payment';
import { loyaltyActivities } from './award-loyalty';
import { orderActivities } from './create-order';
import { labelActivities } from './generate-label';
import { givingUpActivities } from './give-up-step';
import { stockActivities } from './reserve-stock';
import { notificationActivities } from './send-notification';
import { fulfillmentActivities } from './trigger-fulfillment';

/** What the activities work with. */
export interface ActivityPorts {
  db: Database;
  payments: PaymentGateway;
  warehouse: Warehouse;
  mailer: Mailer;
  carrier: Carrier;
}

/** All activities a worker registers; forgetting one does not compile. */
export const checkoutActivities = ({
  db,
  payments,
  warehouse,
  mailer,
  carrier,
}: ActivityPorts): CheckoutActivities => ({
  ...orderActivities(db),
  ...paymentActivities(db, payments),
  ...stockActivities(db),
  ...fulfillmentActivities(db, warehouse),
  ...notificationActivities(db, mailer),
  ...loyaltyActivities(db),
  ...labelActivities(db, carrier),
  ...givingUpActivities(db),
  ...attentionActivities(db),
});
