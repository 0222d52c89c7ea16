import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { StackSettings } from './stack-settings';

const KEY_BYTES = 32;
const ID_BYTES = 4;
const OWNER_ONLY = 0o600;

/** What the parts must have in common and nobody else may know. */
export interface StackSecrets {
  /** Empty means that payloads are not encrypted. */
  readonly payloadKeys: string;
  /** What opens the codec server. */
  readonly codecToken: string;
}

/**
 * The user's own, or those that the first start made up and kept in the data directory. A Temporal of the user's own gets no key that
 * was made up here: it would outlive this directory, and other workers of it would not know the key.
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

/** For tools: the keys that a start made up and kept here, empty if none did. */
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
    // Not replaced by a new one, with which nothing that was written so far could be read.
    throw new Error(`${file} cannot be read: put back a copy of it, or begin anew with \`npm start -- --fresh\``, {
      cause,
    });
  }
}

/** On the disk before anything is encrypted: what a power cut took the key from, nobody could read again. */
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
