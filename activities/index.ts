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
export const checkoutActivities = (ports: ActivityPorts): CheckoutActivities => ({
  ...orderActivities(ports),
  ...paymentActivities(ports),
  ...stockActivities(ports),
  ...fulfillmentActivities(ports),
  ...notificationActivities(ports),
  ...loyaltyActivities(ports),
  ...labelActivities(ports),
  ...givingUpActivities(ports.db),
  ...attentionActivities(ports.db),
});
