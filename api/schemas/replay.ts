import { Type } from '@sinclair/typebox';

const Count = Type.Integer({ minimum: 0 });
const MomentOrNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const goneBefore = MomentOrNull(
  'The log begins here, and the part of the range before it is gone. Null: nothing is gone',
);

export const ReplayPlanSchema = Type.Object({
  events: Count,
  orders: Count,
  oldest: MomentOrNull('ISO 8601'),
  goneBefore,
});

export const ReplayAnswerSchema = Type.Object({
  id: Type.String(),
  total: Type.Integer({ minimum: 0, description: 'Events that are delivered again' }),
  goneBefore,
});

type State = 'waiting' | 'running' | 'stopped' | 'finished';

export const ReplayProgressSchema = Type.Object({
  id: Type.String(),
  state: Type.Unsafe<State>({ type: 'string', enum: ['waiting', 'running', 'stopped', 'finished'] }),
  total: Count,
  done: Count,
  refused: Type.Integer({ minimum: 0, description: 'Of these, events that the sink refused for good' }),
  failure: MomentOrNull('Why it is not making progress'),
});
