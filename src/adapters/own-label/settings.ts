import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';

const line = () => Type.String({ minLength: 1, maxLength: 100 });
const strict = { additionalProperties: false };

/** What `PROVIDERS_FILE` says of the labels that we draw ourselves. */
export const OwnLabelSettingsSchema = Type.Object(
  {
    from: Type.Object(
      {
        ...{ name: line(), line1: line(), line2: Type.Optional(line()), city: line() },
        ...{ region: Type.Optional(line()), postalCode: Type.String({ minLength: 1, maxLength: 16 }) },
        country: Type.String({
          ...{
            pattern: '^[A-Z]{2}$',
            says: 'a country code of two letters, such as GB',
            description: 'ISO 3166-1 alpha-2',
          },
        }),
      },
      { ...strict, description: 'The sender, unless the warehouse names another' },
    ),
    fonts: Type.Optional(
      Type.Array(Type.String({ pattern: '^/', says: 'the absolute path of a font file' }), {
        description: 'Used where they have the characters',
      }),
    ),
  },
  strict,
);

export type OwnLabelSettings = Static<typeof OwnLabelSettingsSchema>;
