import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { CURRENCIES } from '../../src/domain/currencies';
import { line } from './text';

const strict = { additionalProperties: false };

/** More than any cart has, and few enough to price a hundred carts concurrently in time. */
const MOST_LINES = 100;
/** A hundred lines of this many still fit Postgres' integer. */
const MOST_UNITS = 1_000_000;

const Address = Type.Object(
  {
    name: line(100),
    line1: line(100),
    line2: Type.Optional(line(100)),
    city: line(100),
    region: Type.Optional(line(100)),
    postalCode: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 -]{0,15}$' }),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
  },
  strict,
);

/** The body of `POST /v1/checkouts`. Anything else in it is refused: never dropped, never coerced. */
export const CheckoutRequestSchema = Type.Object(
  {
    customer: Type.Object(
      {
        id: Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,64}$' }),
        // One plain address: nothing that could add a recipient or a mail header.
        email: Type.String({
          maxLength: 254,
          pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+$",
        }),
      },
      strict,
    ),
    items: Type.Array(
      Type.Object(
        {
          sku: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
          quantity: Type.Integer({ minimum: 1, maximum: MOST_UNITS }),
        },
        strict,
      ),
      { minItems: 1, maxItems: MOST_LINES },
    ),
    currency: Type.String({ enum: [...CURRENCIES], description: 'ISO 4217' }),
    payment: Type.Object(
      {
        // A token of the payment processor. The prefix is required, so that no card number fits.
        token: Type.String({ pattern: '^[a-z]{2,12}_[A-Za-z0-9_]{1,200}$' }),
      },
      strict,
    ),
    shippingAddress: Address,
    expectedTotal: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Minor units. It can only refuse: the server prices the cart.',
      }),
    ),
  },
  { ...strict, $id: 'CheckoutRequest' },
);

export type CheckoutRequestBody = Static<typeof CheckoutRequestSchema>;
