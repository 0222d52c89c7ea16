import type { EnvSchemaOpt } from 'env-schema';

type Options = Extract<EnvSchemaOpt['ajv'], { customOptions: unknown }>;

const MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const FORM = /^([1-9][0-9]{0,5})([smh])$/;

interface Bounds {
  readonly from: string;
  readonly to: string;
}

/** Keywords for the documentation only. */
const DOCUMENTATION = ['readBy', 'unit', 'whenEmpty'];

/** Adds the keyword `duration: { from: '1s', to: '24h' }` to the schema of the settings. An empty value counts as not set. */
export const customOptions: Options['customOptions'] = (ajv) =>
  ajv.addVocabulary(DOCUMENTATION).addKeyword({
    keyword: 'duration',
    type: 'string',
    schemaType: 'object',
    validate: ({ from, to }: Bounds, text: string) =>
      text === '' || (msOf(text) >= msOf(from) && msOf(text) <= msOf(to)),
    error: {
      message: ({ schema }) =>
        `must be between ${(schema as Bounds).from} and ${(schema as Bounds).to}, written like 6s, 15m or 1h`,
    },
  });

/** `NaN` if the text is not a duration. */
function msOf(text: string): number {
  const [, number, unit] = FORM.exec(text) ?? [];
  return Number(number) * MS[unit as keyof typeof MS];
}
