import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { StackSettings } from './stack-settings';

const KEY_BYTES = 32;
const ID_BYTES = 4;
const OWNER_ONLY = 0o600;

/** Secrets that the parts share. */
export interface StackSecrets {
  /** Empty means that payloads are not encrypted. */
  readonly payloadKeys: string;
  /** Gives access to the codec server. */
  readonly codecToken: string;
}

/**
 * The user's own, or those that the first start generated and stored in the data directory. A Temporal of the user's own never gets a
 * generated key: its histories would outlive this directory, and its other workers would not know the key.
 */
export function stackSecrets(settings: StackSettings): StackSecrets {
  const { payloadKeys, codecToken, temporalAddress, dataDir } = settings;
  const isOff = payloadKeys === 'off' || (payloadKeys === '' && temporalAddress !== '');
  const kept = keptIn(path.join(dataDir, 'secrets.json'));
  return {
    payloadKeys: isOff ? '' : payloadKeys || kept.payloadKeys,
    codecToken: codecToken || kept.codecToken,
  };
}

/** The user's own, or a new one at each start: nothing that it signs outlives the stack. */
export const sandboxSecretOf = ({ sandboxSecret }: StackSettings): string =>
  sandboxSecret || `whsec_${randomBytes(KEY_BYTES).toString('base64')}`;

/** For tools: the keys that a start generated and stored here; empty if none did. */
export function keptPayloadKeys(dataDir: string): string {
  const file = path.join(dataDir, 'secrets.json');
  const text = read(file);
  return text === undefined ? '' : parse(text, file).payloadKeys;
}

function keptIn(file: string): StackSecrets {
  const text = read(file);
  if (text !== undefined) return parse(text, file);
  const secrets = {
    payloadKeys: `local-${randomBytes(ID_BYTES).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64')}`,
    codecToken: randomBytes(KEY_BYTES).toString('base64url'),
  };
  write(file, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined; // the first start in this directory
  }
}

function parse(text: string, file: string): StackSecrets {
  try {
    return JSON.parse(text) as StackSecrets;
  } catch (cause) {
    // A new key could not decrypt anything that was written so far, so the file is not replaced.
    throw new Error(`${file} cannot be read: restore a copy of it, or start over with \`npm start -- --fresh\``, {
      cause,
    });
  }
}

/** Synced to disk before anything is encrypted: if a power cut lost the key, nothing could be decrypted again. */
function write(file: string, text: string): void {
  const draft = `${file}.draft`;
  const descriptor = openSync(draft, 'w', OWNER_ONLY);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, file);
  const directory = openSync(path.dirname(file), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
