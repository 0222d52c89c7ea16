import { newId, operationsOf } from './operation';
import type { AnyOperation } from './operation';

/** A point for every hundred of the minor unit: enough for a program that nobody collects in. */
const MINOR_UNITS_A_POINT = 100;

const loyalty = operationsOf('loyalty');

const award = loyalty('award', {
  name: 'award',
  reference: 'awardId',
  closedBy: 'revoke',
  decide: ({ total }) => ({
    outcome: 'awarded',
    awardId: newId('awd'),
    points: Math.floor(total.amount / MINOR_UNITS_A_POINT),
  }),
});

const revoke = loyalty('revoke', {
  name: 'revoke',
  decide: (_body, record) => {
    const awardId = record.settled('award')?.awardId;
    return awardId === undefined ? { outcome: 'closed' } : { outcome: 'revoked', awardId };
  },
});

/** A loyalty program: awards points and takes them back. */
export const LOYALTY: readonly AnyOperation[] = [award, revoke];
