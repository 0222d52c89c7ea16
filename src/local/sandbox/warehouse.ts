import { newId, operationsOf } from './operation';
import type { AnyOperation } from './operation';

const warehouse = operationsOf('warehouse');

const REFUSAL = { outcome: 'refused', reason: 'fault-switch' };
/** Between an acceptance and the refusal that follows it. */
const REFUSE_AFTER_MS = 500;

const fulfill = warehouse('trigger', {
  name: 'fulfill',
  reference: 'fulfillmentId',
  closedBy: 'cancel',
  refusal: REFUSAL,
  acceptance: 'accepted',
  afterwards: () => ({ afterMs: REFUSE_AFTER_MS, answer: REFUSAL }),
  decide: () => ({ outcome: 'triggered', fulfillmentId: newId('ful') }),
});

const cancel = warehouse('cancel', {
  name: 'cancel',
  decide: (_body, record) => {
    const fulfillmentId = record.settled('fulfill')?.fulfillmentId;
    return fulfillmentId === undefined ? { outcome: 'closed' } : { outcome: 'cancelled', fulfillmentId };
  },
});

/** The warehouse: packs orders and cancels them. */
export const WAREHOUSE: readonly AnyOperation[] = [fulfill, cancel];
