import { Type } from '@sinclair/typebox';
import { BLOCKED, CLOSED, FilledLine, Nothing, Reason, UNSEEN, Units, Word } from './fields';
import { outcome, strictly, verb } from './verb';

const RESERVATIONS = {
  reserved: outcome('All of it is set aside', {
    reference: Word("The inventory's id of it", 'res_3b1f9e7a64c24d5f8f0a1b2c3d4e5f60'),
  }),
  'out-of-stock': outcome('Nothing is set aside', {
    skus: Type.Array(FilledLine, { minItems: 1, description: 'Of which too little is left' }),
  }),
  blocked: BLOCKED,
};

export const INVENTORY = {
  reserve: verb({
    summary: 'Set these goods aside: all of them, or none',
    request: strictly({ lines: Units }),
    outcomes: RESERVATIONS,
  }),
  find: verb({
    summary: 'Say what has become of the reservation, without acting',
    request: Nothing,
    outcomes: { ...RESERVATIONS, unseen: UNSEEN },
  }),
  release: verb({
    summary: 'Put the goods up for sale again. A key not seen yet is refused from then on',
    request: Nothing,
    outcomes: {
      released: outcome('The goods are for sale again', {}),
      closed: CLOSED,
      rejected: outcome('The goods were sold', { reason: Reason }),
    },
  }),
  commit: verb({
    summary: 'The goods have left: what is set aside under this key is sold',
    request: Nothing,
    outcomes: {
      committed: outcome('It is sold, once', {}),
      rejected: outcome('Nothing is set aside under this key', { reason: Reason }),
    },
  }),
};
