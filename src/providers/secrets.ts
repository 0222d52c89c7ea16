import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TObject } from '@sinclair/typebox';

type Reference = { readonly env: string } | { readonly file: string };

/** Where references lead. */
export interface Sources {
  /** Relative paths begin here. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const NAMES_A_SECRET =
  /(secret|password|passphrase|token|credentials?|(^|[a-z])(api|secret|private|access|signing)[-_]?key)$/i;
const HOLDS_A_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function referenceIn(value: unknown): Reference | undefined {
  if (!isRecord(value)) return undefined;
  const [[name, target] = [], ...others] = Object.entries(value);
  return (name === 'env' || name === 'file') && typeof target === 'string' && others.length === 0
    ? (value as Reference)
    : undefined;
}

/** A sentence for each secret that is written out. Adapters of a team have no schema, so names count too. */
export function literalSecrets(settings: object, at: string, schema?: TObject): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    const place = `${at}.${name}`;
    if (referenceIn(value)) return [];
    if (typeof value === 'object' && value !== null) return literalSecrets(value, place);
    const isSecret = schema?.properties[name]?.['secret'] === true || NAMES_A_SECRET.test(name);
    if (value !== null && isSecret) return [`${place}: ${NOT_HERE}`];
    return typeof value === 'string' && HOLDS_A_PASSWORD.test(value)
      ? [`${place}: an address in this file has no user or password; give them as settings of their own, by reference`]
      : [];
  });
}

export const HOW_TO_NAME_A_SECRET = 'name it with { "env": "NAME" } or { "file": "path" }';
const NOT_HERE = `a secret is never in this file; ${HOW_TO_NAME_A_SECRET} instead`;

/** The settings with what the references lead to. What cannot be found becomes a sentence. */
export async function resolved(value: unknown, at: string, sources: Sources, mistakes: string[]): Promise<unknown> {
  const reference = referenceIn(value);
  if (reference) {
    try {
      return await lookUp(reference, sources);
    } catch (error) {
      mistakes.push(`${at}: ${(error as Error).message}`);
      return undefined;
    }
  }
  if (Array.isArray(value))
    return Promise.all(value.map((each, index) => resolved(each, `${at}[${index}]`, sources, mistakes)));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    async ([name, each]) => [name, await resolved(each, `${at}.${name}`, sources, mistakes)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function lookUp(reference: Reference, { folder, environment }: Sources): Promise<string> {
  if ('env' in reference) {
    const value = environment[reference.env];
    if (!value) throw new Error(`the environment variable ${reference.env} is not set`);
    return value;
  }
  const content = await readFile(path.resolve(folder, reference.file), 'utf8').catch(() => {
    throw new Error(`the file ${reference.file} cannot be read`);
  });
  // Editors and `echo` end a file with a line break, which no secret contains.
  const value = content.trim();
  if (value === '') throw new Error(`the file ${reference.file} is empty`);
  return value;
}
