import type { CheckoutActivities } from '../src/contract/activities';
import type { ActivityPorts } from './activity-ports';
import { attentionActivities } from './attention';
import { paymentActivities } from './authorize-payment';
import { loyaltyActivities } from './award-loyalty';
import { orderActivities } from './create-order';
import { labelActivities } from './generate-label';
import { givingUpActivities } from './give-up-step';
import { stockActivities } from './reserve-stock';
import { notificationActivities } from './send-notification';
import { fulfillmentActivities } from './trigger-fulfillment';

/** All activities a worker registers; forgetting one does not compile. */
export const checkoutActivities = ({ db, providerOf, choices }: ActivityPorts): CheckoutActivities => ({
  ...orderActivities({ db, providerOf, choices }),
  ...paymentActivities(db, providerOf),
  ...stockActivities(db, providerOf),
  ...fulfillmentActivities(db, providerOf),
  ...notificationActivities(db, providerOf),
  ...loyaltyActivities(db, providerOf),
  ...labelActivities(db, providerOf),
  ...givingUpActivities(db),
  ...attentionActivities(db),
});
