import { Type } from '@sinclair/typebox';
import { PARKED_STATES } from '../../src/domain/parked-states';
import type { ParkedState } from '../../src/domain/parked-states';
import { listOf } from './list-of';

const Count = Type.Integer({ minimum: 0 });
const Moment = Type.String({ description: 'ISO 8601' });
const orNull = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const ParkedStateSchema = Type.Unsafe<ParkedState>({ type: 'string', enum: [...PARKED_STATES] });

export const SinkSchema = Type.Object({
  sink: Type.String(),
  pending: Type.Integer({
    minimum: 0,
    description: 'Events that it has not received yet, apart from parked ones',
  }),
  atLeast: Type.Boolean({ description: 'There are more: counting stops at about a hundred thousand' }),
  oldestSeconds: orNull(Type.Number({ description: 'Age of the oldest pending event' })),
  perSecond: Type.Number({ description: 'Over roughly the last half minute' }),
  delivered: Count,
  parked: Type.Object({
    waiting: Type.Integer({ minimum: 0, description: 'Retried automatically' }),
    behind: Type.Integer({ minimum: 0, description: 'Waiting behind an earlier event of their order' }),
    dead: Type.Integer({ minimum: 0, description: 'Waiting for a redrive' }),
  }),
  rewinds: Type.Integer({
    minimum: 0,
    description: 'Lanes that started again from the beginning, because their position came from another server',
  }),
  rewoundAt: orNull(Moment),
  rewindReason: orNull(Type.String()),
  lanes: listOf(
    Type.Object({
      shard: Count,
      owner: orNull(Type.String({ description: 'The relay that has the lane' })),
      epoch: Count,
      failingSince: orNull(Moment),
      failure: orNull(Type.String()),
    }),
  ),
});

export const ParkedEventSchema = Type.Object({
  sink: Type.String(),
  target: Type.String({ description: 'The webhook, for the sink that has several; otherwise empty' }),
  checkoutId: Type.String(),
  sequence: Type.Integer({ minimum: 1 }),
  type: Type.String(),
  eventId: Type.String(),
  attempts: Count,
  reason: Type.String(),
  parkedAt: Moment,
  nextAttemptAt: orNull(Moment),
});

const share = { orders: Count, events: Count, oldest: orNull(Moment) };

export const RedrivePlanSchema = Type.Object({
  ...share,
  sinks: listOf(Type.Object({ sink: Type.String(), ...share })),
});

export const RedriveAnswerSchema = Type.Object({
  id: Type.String(),
  total: Type.Integer({ minimum: 0, description: 'Events that are delivered again' }),
  more: Type.Boolean({ description: 'There are more dead events than one redrive takes: ask again with a new key' }),
});

export const RedriveProgressSchema = Type.Object({
  id: Type.String(),
  state: Type.Unsafe<'running' | 'stopped' | 'finished'>({ type: 'string', enum: ['running', 'stopped', 'finished'] }),
  total: Count,
  done: Count,
  remaining: Type.Integer({ minimum: 0, description: 'Not tried yet; dead again if the redrive is stopped' }),
  failedAgain: Type.Integer({ minimum: 0, description: 'Failed again, or waiting behind one that did' }),
});
