import { defaultPayloadConverter, RawValue } from '@temporalio/common';

/** Metadata that marks a payload without secrets: the codec removes the mark and leaves the payload readable. */
export const READABLE = 'readable';
const YES = Uint8Array.of(1);

/** A value that stays readable in Temporal and its Web UI: never personal data. */
export function readable(value: unknown): RawValue {
  const payload = defaultPayloadConverter.toPayload(value);
  return RawValue.fromPayload({ ...payload, metadata: { ...payload.metadata, [READABLE]: YES } });
}

/** For options that the SDK types as strings but hands to the payload converter, which takes any value. */
export const readableText = (text: string): string => readable(text) as unknown as string;
