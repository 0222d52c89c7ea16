import { Type } from '@sinclair/typebox';

/** What waits for an operator; `amount` is in minor units, null while the cart has no price. */
export const AttentionSchema = Type.Object({
  checkoutId: Type.String(),
  tenant: Type.String(),
  workflowId: Type.String({ description: 'Its id in the Temporal Web UI' }),
  step: Type.String(),
  kind: Type.String({ description: '`undo`: parked until it is settled; `step`: still being tried' }),
  why: Type.String(),
  since: Type.String({ description: 'ISO 8601' }),
  amount: Type.Union([Type.Integer(), Type.Null()]),
  currency: Type.String(),
});
