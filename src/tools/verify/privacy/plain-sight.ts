import type { Payload } from '@temporalio/common';

/** Everything readable in a value, as one text. Not as JSON, which turns the bytes of payloads into base64 and hides what they say. */
export const inPlainSight = (value: unknown): string => [...textsOf(value)].join('\n');

function* textsOf(value: unknown): Iterable<string> {
  if (value instanceof Uint8Array) yield Buffer.from(value).toString('utf8');
  else if (Array.isArray(value)) for (const member of value) yield* textsOf(member);
  else if (typeof value === 'object' && value !== null) yield* textsOf(Object.entries(value).flat());
  else yield String(value);
}

/** The payloads in a value, at any depth. */
export function* payloadsIn(value: unknown): Iterable<Payload> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (isPayload(value)) yield value;
  else for (const member of Object.values(value)) yield* payloadsIn(member);
}

const isPayload = (value: object): value is Payload =>
  'metadata' in value && 'data' in value && value.data instanceof Uint8Array;
