import { defaultPayloadConverter, RawValue } from '@temporalio/common';

/** Metadata of a payload that holds nothing secret: the codec takes this mark off and leaves the rest for anybody to read. */
export const READABLE = 'readable';
const YES = Uint8Array.of(1);

/** A value that Temporal and its Web UI keep in plain sight: never for personal data. */
export function readable(value: unknown): RawValue {
  const payload = defaultPayloadConverter.toPayload(value);
  return RawValue.fromPayload({ ...payload, metadata: { ...payload.metadata, [READABLE]: YES } });
}

/** For options that the SDK declares as strings and hands to the payload converter, which takes any value. */
export const readableText = (text: string): string => readable(text) as unknown as string;
