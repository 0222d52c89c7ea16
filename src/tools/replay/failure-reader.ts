import type { Payload, PayloadCodec } from '@temporalio/common';

/**
 * Reads what failures say on their way out. Our failure converter puts the message into a payload, and what the replayer makes of
 * a workflow task that failed is a text in which payloads are cut short; a codec sees them whole, and before they are encrypted.
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
    /** The message of the last failure since it was asked for the last time. */
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
    // Somebody's data, and no failure of ours.
    return undefined;
  }
}
