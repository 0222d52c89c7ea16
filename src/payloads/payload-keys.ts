import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const KEY_BYTES = 32;
/** Neither alphabet of base64 has `:` or `,`. */
const ENTRY = /^([\w.-]{1,64}):([\w+/-]+={0,2})$/;
const ADVICE = 'write `id:base64key`, with a key from `openssl rand -base64 32`';

export interface PayloadKey {
  /** Stored with everything the key encrypts. */
  readonly id: string;
  /** A `KeyObject` reveals nothing when it is logged. */
  readonly secret: KeyObject;
}

/** The keys of `PAYLOAD_KEYS`: the first one encrypts, all of them decrypt. Without keys nothing is encrypted. */
export function parsePayloadKeys(text: string): readonly PayloadKey[] {
  if (text === '' || text === 'off') return [];
  const keys = text.split(',').map((entry, at) => parseEntry(entry.trim(), at + 1));
  const ids = keys.map(({ id }) => id);
  const repeated = ids.find((id, at) => ids.indexOf(id) !== at);
  if (repeated !== undefined) {
    throw new Error(`PAYLOAD_KEYS has two keys with the id "${repeated}": give the newer one another id`);
  }
  return keys;
}

/** Its error messages never repeat the entry, which may be a key. */
function parseEntry(entry: string, position: number): PayloadKey {
  const [, id, key] = ENTRY.exec(entry) ?? [];
  if (id === undefined || key === undefined)
    throw new Error(`Entry ${position} of PAYLOAD_KEYS is not a key: ${ADVICE}`);

  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new Error(`The key "${id}" of PAYLOAD_KEYS has ${bytes.length} bytes instead of ${KEY_BYTES}: ${ADVICE}`);
  }
  return { id, secret: createSecretKey(bytes) };
}
