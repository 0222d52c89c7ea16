import type { Payload } from '@temporalio/common';

/**
 * All that can be read in a value without a key, as one text. Not through JSON, where the bytes of payloads become base64 and a search would
 * find nothing.
 */
export const inPlainSight = (value: unknown): string => [...textsOf(value)].join('\n');

function* textsOf(value: unknown): Iterable<string> {
  if (value instanceof Uint8Array) yield Buffer.from(value).toString('latin1');
  else if (Array.isArray(value)) for (const member of value) yield* textsOf(member);
  else if (typeof value !== 'object' || value === null) yield String(value);
  else {
    for (const [name, member] of Object.entries(value)) {
      yield name;
      yield* textsOf(member);
    }
  }
}

/** The canaries that are in the text, in any case. */
export const hits = (text: string, canaries: readonly string[]): string[] => {
  const searched = text.toLowerCase();
  return canaries.filter((canary) => searched.includes(canary.toLowerCase()));
};

/** A copy of a history, or of anything else from Temporal, with every payload decrypted. */
export async function decrypted(value: unknown, decode: (payloads: Payload[]) => Promise<Payload[]>): Promise<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return Promise.all(value.map((member) => decrypted(member, decode)));
  if (isPayload(value)) return (await decode([value]))[0];
  const members = Object.entries(value).map(async ([name, member]) => [name, await decrypted(member, decode)] as const);
  return Object.fromEntries(await Promise.all(members));
}

const isPayload = (value: object): value is Payload =>
  'metadata' in value && 'data' in value && value.data instanceof Uint8Array;
