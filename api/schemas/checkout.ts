import { Type } from '@sinclair/typebox';
import type { NextAction } from '../../src/checkouts/next-action';
import { CHECKOUT_STATES } from '../../src/domain/checkout-states';
import { STEPS } from '../../src/domain/steps';
import { listOf } from './list-of';

const oneOf = <T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] });
const nullable = (schema: Record<string, unknown>) => ({ anyOf: [schema, { type: 'null' }] });
const moment = { type: 'string', format: 'date-time' };

export const CheckoutStateSchema = oneOf(CHECKOUT_STATES);

const StepStateSchema = oneOf(['pending', 'running', 'done', 'undoing', 'undone', 'undo-failed', 'skipped']);

const LinksSchema = Type.Object({ self: Type.String(), events: Type.String() });

export const CheckoutAcceptedSchema = Type.Object(
  { id: Type.String(), state: oneOf(['accepted']), links: LinksSchema },
  { $id: 'CheckoutAccepted' },
);

const NextActionSchema = Type.Object(
  {
    type: oneOf(['redirect']),
    url: Type.String({ description: 'Send the customer there. Whoever has this address can approve: do not store it' }),
    expiresAt: Type.Unsafe<string>({ ...moment, description: 'The payment is refused if it is not approved by then' }),
  },
  { description: 'What the customer has to do. Null unless the checkout is `awaiting-customer`, and for operators' },
);

/** The current state of a checkout. Moments are ISO 8601, amounts are integers in minor units. */
export const CheckoutSchema = Type.Object(
  {
    id: Type.String(),
    state: CheckoutStateSchema,
    acceptedAt: Type.Unsafe<string>(moment),
    endedAt: Type.Unsafe<string | null>(nullable(moment)),
    currency: Type.String(),
    total: Type.Unsafe<number | null>(nullable({ type: 'integer' })),
    items: listOf(
      Type.Object({
        sku: Type.String(),
        quantity: Type.Integer(),
        unitPrice: Type.Unsafe<number | null>(nullable({ type: 'integer' })),
      }),
    ),
    refusal: Type.Unsafe<{ code: string; title: string; detail: string } | null>(
      nullable(
        Type.Object({ code: Type.String(), title: Type.String(), detail: Type.String() }) as unknown as Record<
          string,
          unknown
        >,
      ),
    ),
    steps: listOf(
      Type.Object({
        name: oneOf(STEPS),
        state: StepStateSchema,
        at: Type.Unsafe<string | null>(nullable(moment)),
      }),
    ),
    links: LinksSchema,
    // Not in a list.
    nextAction: Type.Optional(
      Type.Unsafe<NextAction | null>(nullable(NextActionSchema as unknown as Record<string, unknown>)),
    ),
  },
  { $id: 'Checkout' },
);

export const CheckoutPageSchema = Type.Object(
  {
    checkouts: listOf(Type.Ref(CheckoutSchema)),
    next: Type.Unsafe<string | null>(nullable({ type: 'string' })),
  },
  { $id: 'CheckoutPage' },
);

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable: see /problems' }),
    detail: Type.String(),
  },
  { $id: 'Problem', additionalProperties: true },
);
