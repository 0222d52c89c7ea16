import { Type } from '@sinclair/typebox';
import { outcome, strictly } from './verb';

/** Stored, shown and compared without escaping. */
const WORD_PATTERN = '^[A-Za-z0-9_.:-]{1,200}$';

/** Generous: an order that a shop accepted must not get stuck, with its money held, over a long street name. */
const LONGEST_LINE = 1_000;
export const Line = Type.String({ maxLength: LONGEST_LINE });
export const FilledLine = Type.String({ minLength: 1, maxLength: LONGEST_LINE });

export const Word = (description: string, example: string) =>
  Type.String({ pattern: WORD_PATTERN, description, examples: [example] });

export const Reason = Word('Why, as a word for people who look for the cause', 'card-declined');

export const Moment = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
    description: `${description} ISO 8601, UTC`,
    examples: ['2026-12-01T12:00:00Z'],
  });

/** Long enough for a processor's page with its state in the query. */
const LONGEST_URL = 4_000;

export const ActionUrl = Type.String({
  pattern: '^https?://[!-~]+$',
  maxLength: LONGEST_URL,
  description: 'The page where the customer approves. Whoever has the address can approve',
  examples: ['https://pay.example.com/approve/3b1f9e7a64c24d5f8f0a1b2c3d4e5f60'],
});

export const Day = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: ['2026-12-01'] });

/** Money where it is what the whole call is about: two fields of the call. */
export const AMOUNT = {
  amount: Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "In the currency's minor unit: cents, yen, fils",
    examples: [3000],
  }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['USD'] }),
};
export const Amount = strictly(AMOUNT);

export const OrderId = Type.String({
  minLength: 1,
  maxLength: 100,
  description: "The checkout's id",
  examples: ['chk_9f2c4e6a8b0d1f3557799bbdd1f3e5a7'],
});

export const Address = strictly({
  name: Line,
  line1: Line,
  line2: Type.Optional(Line),
  city: Line,
  region: Type.Optional(Line),
  postalCode: Line,
  country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2', examples: ['GB'] }),
});

const SKU = Type.String({ minLength: 1, maxLength: LONGEST_LINE, examples: ['MUG-BLUE'] });
const quantity = Type.Integer({ minimum: 1, examples: [2] });

/** What stock is counted in. */
export const Units = Type.Array(strictly({ sku: SKU, quantity }), { minItems: 1 });

/** What is packed, shipped and written about. */
export const Parcels = Type.Array(
  strictly({
    sku: SKU,
    quantity,
    name: Type.Optional(FilledLine),
    weightGrams: Type.Optional(Type.Integer({ minimum: 0, description: 'Of one unit' })),
  }),
  { minItems: 1 },
);

export const Phone = Type.Optional(FilledLine);

/** The key says everything. */
export const Nothing = strictly({});

export const BLOCKED = outcome('The key was undone before this call arrived, and is refused for ever', {});
export const UNSEEN = outcome('No call with this key has acted', {});
export const CLOSED = outcome('Nothing was done under this key, and from now on nothing will be', {});
