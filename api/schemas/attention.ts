import { Type } from '@sinclair/typebox';
import { REPAIR_ACTIONS } from '../../src/contract/repair';
import { ProblemSchema } from './checkout';

/** What waits for an operator; `amount` is in minor units, null while the cart has no price. */
export const AttentionSchema = Type.Object({
  checkoutId: Type.String(),
  tenant: Type.String(),
  workflowId: Type.String({ description: 'Its id in the Temporal Web UI' }),
  step: Type.String(),
  kind: Type.String({
    description:
      '`undo`: parked until it is settled; `step`: still being retried; `fulfillment`: the warehouse refused after it had accepted, or the inventory was not told that the goods have left',
  }),
  why: Type.String(),
  since: Type.String({ description: 'ISO 8601' }),
  amount: Type.Union([Type.Integer(), Type.Null()]),
  currency: Type.String(),
});

/** A repair that is refused; with `first` if another operator decided before. */
export const RepairProblemSchema = Type.Object(
  {
    ...ProblemSchema.properties,
    first: Type.Optional(
      Type.Object(
        {
          operator: Type.String({ description: 'The id of the API key, as in the audit' }),
          action: Type.Unsafe<string>({ type: 'string', enum: [...REPAIR_ACTIONS] }),
          at: Type.String({ format: 'date-time' }),
        },
        { description: 'With `already-decided`: the decision that was first' },
      ),
    ),
  },
  { additionalProperties: true },
);
