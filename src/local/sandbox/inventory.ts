import { newId, operationsOf } from './operation';
import type { AnyOperation } from './operation';

/** As in the sandbox catalog; of everything else there is always enough. */
const SOLD_OUT = 'SOLD-OUT';

const inventory = operationsOf('inventory');

const reserve = inventory('reserve', {
  name: 'reserve',
  reference: 'reservationId',
  closedBy: 'release',
  decide: ({ lines }) =>
    lines.some(({ sku }) => sku === SOLD_OUT)
      ? { outcome: 'out-of-stock', skus: [SOLD_OUT] }
      : { outcome: 'reserved', reservationId: newId('res') },
});

const release = inventory('release', {
  name: 'release',
  decide: (_body, record) => {
    if (record.settled('commit')) return { outcome: 'rejected', reason: 'already-sold' };
    const reservationId = record.settled('reserve')?.reservationId;
    return reservationId === undefined ? { outcome: 'closed' } : { outcome: 'released', reservationId };
  },
});

const commit = inventory('commit', {
  name: 'commit',
  decide: (_body, record) => {
    const reservationId = record.settled('reserve')?.reservationId;
    if (reservationId === undefined || record.settled('release'))
      return { outcome: 'rejected', reason: 'nothing-reserved' };
    return { outcome: 'committed', reservationId };
  },
});

/** A stock system that is not ours: goods are reserved under a key, then released or sold, never both. */
export const INVENTORY: readonly AnyOperation[] = [reserve, release, commit];
