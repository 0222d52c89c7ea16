import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Type } from '@sinclair/typebox';
import { ADAPTERS, ROLES } from './adapters';
import type { Role } from '../ports/providers';
import { checked } from './checked';
import { choiceOf } from './entry';
import type { Entry } from './entry';
import { literalSecrets } from './secrets';
import { ProvidersFileError } from './mistakes';
import { whereJsonBreaks } from './where-json-breaks';

export const IS_MODULE = /^module:/;

const ANYTHING = Type.Unknown();
const BY_ROLE = Type.Partial(Type.Record(Type.Union(ROLES.map((role) => Type.Literal(role))), ANYTHING), {
  additionalProperties: false,
});
const FILE = Type.Object(
  {
    default: Type.Optional(BY_ROLE),
    tenants: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), BY_ROLE, {
        ...{ additionalProperties: false, names: 'that of a tenant: up to 63 of a-z, 0-9 and -' },
      }),
    ),
  },
  { additionalProperties: false },
);
/** What every entry may have, beside the settings of its adapter. */
export const ENTRY = Type.Object({
  adapter: Type.String({ pattern: '^\\S{1,200}$', says: 'the name of an adapter, or `module:` and where it is' }),
  account: Type.Optional(
    Type.String({ pattern: '^[\\w.:@-]{1,100}$', says: 'one word of letters, digits and . : @ _ -' }),
  ),
  retired: Type.Optional(Type.Boolean()),
});

/** The entries of the file, a tenant's own first. Throws all its mistakes at once. */
export async function readProvidersFile(file: string): Promise<Entry[]> {
  const mistakes: string[] = [];
  const content = checked(FILE, parsed(file, await textOf(file)), '', mistakes);
  if (!content) throw new ProvidersFileError(file, mistakes);
  const entries = [
    ...Object.entries(content.tenants ?? {}).flatMap(([tenant, roles]) =>
      entriesIn(roles, { at: `tenants.${tenant}`, tenant }, mistakes),
    ),
    ...entriesIn(content.default ?? {}, { at: 'default' }, mistakes),
  ];
  if (mistakes.length > 0) throw new ProvidersFileError(file, mistakes);
  return entries;
}

interface Place {
  readonly at: string;
  readonly tenant?: string;
}

const entriesIn = (roles: Readonly<Record<string, unknown>>, place: Place, mistakes: string[]): Entry[] =>
  ROLES.flatMap((role) => {
    const written = roles[role];
    if (written === undefined) return [];
    const at = `${place.at}.${role}`;
    const entries = (Array.isArray(written) ? written : [written]).flatMap((each, index) =>
      entryOf(each, { role, ...place, at: Array.isArray(written) ? `${at}[${index}]` : at }, mistakes),
    );
    if (entries.filter(({ retired }) => !retired).length > 1)
      mistakes.push(`${at}: more than one is for new orders; mark the older ones with "retired": true`);
    const names = entries.map(choiceOf);
    if (new Set(names).size < names.length)
      mistakes.push(`${at}: two have the same adapter; give each an "account" that tells them apart`);
    return entries;
  });

function entryOf(written: unknown, place: Place & { readonly role: Role }, mistakes: string[]): Entry[] {
  const { role, at } = place;
  const entry = checked(ENTRY, written, at, mistakes);
  if (!entry) return [];
  const { adapter, account, retired = false, ...settings } = entry;
  const known = ADAPTERS[role];
  if (!IS_MODULE.test(adapter) && !Object.hasOwn(known, adapter)) {
    mistakes.push(`${at}.adapter: ${role} has no such adapter; it may be ${Object.keys(known).join(', ')} or module:…`);
    return [];
  }
  mistakes.push(...literalSecrets(settings, at, known[adapter]?.settings));
  return [{ ...place, adapter, ...(account === undefined ? {} : { account }), retired, settings }];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`PROVIDERS_FILE (${path.resolve(file)}) cannot be read: ${code}`, { cause });
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not passed on as the cause: its message quotes the file.
    throw new ProvidersFileError(file, [`it is not valid JSON: see ${whereJsonBreaks(text)}`]);
  }
}
