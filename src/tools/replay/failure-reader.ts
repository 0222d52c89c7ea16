import type { Payload, PayloadCodec } from '@temporalio/common';

/**
 * Reads the messages of failures on their way out. Our failure converter puts a message into a payload, and the replayer's text about
 * a failed workflow task cuts payloads short; a codec sees them whole, before they are encrypted.
 */
export function failureReader() {
  let last: string | undefined;
  const codec: PayloadCodec = {
    encode: async (payloads) => {
      for (const payload of payloads) last = messageIn(payload) ?? last;
      return payloads;
    },
    decode: async (payloads) => payloads,
  };
  return {
    codec,
    /** The message of the last failure since the previous call. */
    takeLast(): string | undefined {
      const message = last;
      last = undefined;
      return message;
    },
  };
}

function messageIn({ data }: Payload): string | undefined {
  const text = Buffer.from(data ?? []).toString();
  if (!text.includes('"stack_trace"')) return undefined;
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    // Data that only looks like a failure.
    return undefined;
  }
}
