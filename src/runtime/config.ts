import { envSchema } from 'env-schema';
import { customOptions } from './setting-keywords';
import { SETTINGS } from './settings/settings';

type ValueOf<Schema> = Schema extends { readonly type: 'integer' }
  ? number
  : Schema extends { readonly enum: readonly (infer Choice)[] }
    ? Choice
    : string;

/** The settings of every process, by name; docs/settings.md explains each. */
export type Config = { readonly [Name in keyof typeof SETTINGS]: ValueOf<(typeof SETTINGS)[Name]> };

/** Of what other settings name, such as the secrets of providers. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** The only file that reads the environment. */
export const readConfig = (): Config =>
  envSchema<Config>({
    schema: { type: 'object', properties: SETTINGS, additionalProperties: false },
    dotenv: true,
    ajv: { customOptions },
  });

/** A setting that the process cannot run without. Throws a sentence that says what to set. */
export function required(config: Config, name: keyof Config): string {
  const value = String(config[name]);
  if (value === '') throw new Error(`${name} is not set: see .env.example, or run \`npm start\`, which sets it`);
  return value;
}
