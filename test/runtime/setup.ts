import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';

/** An entry of PAYLOAD_KEYS with a new key. */
export const aKeyEntry = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

export const aPayload = (text = '{"secret":"hush"}'): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(text),
});

/** As in an exported history, with nothing decrypted. */
export const asText = (payload: Payload | undefined): string =>
  [...Object.entries(payload?.metadata ?? {}).flat(), payload?.data ?? '']
    .map((part) => (typeof part === 'string' ? part : Buffer.from(part).toString('latin1')))
    .join(' ');
