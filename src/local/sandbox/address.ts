import { Type } from '@sinclair/typebox';

/** Generous: an order that a shop accepted must not get stuck here, with its money held, over a long street name. */
const LONGEST_LINE = 1_000;
const line = Type.String({ maxLength: LONGEST_LINE });

export const AddressSchema = Type.Object(
  {
    name: line,
    line1: line,
    line2: Type.Optional(line),
    city: line,
    region: Type.Optional(line),
    postalCode: line,
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
  },
  { additionalProperties: false },
);
