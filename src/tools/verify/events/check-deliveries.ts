import { DeliveryJudge } from './delivery-judge';
import type { SinkUnderCheck } from './delivery-judge';
import type { CheckContext } from './check-context';

/**
 * P7 for one sink: every event of the log that the sink's cursor has passed is in the sink's own record; everything in the record is in the
 * log, byte for byte; and the first deliveries of each order came as 1, 2, 3 … without a gap.
 */
export async function checkDeliveries(under: SinkUnderCheck, context: CheckContext): Promise<void> {
  const judge = new DeliveryJudge(under, context);
  for await (const delivery of under.record.deliveries) judge.take(delivery);
  for (const order of context.log.orders()) if (under.wants(order)) judge.missing(order);
  await judge.strangers();
}
