import type { Payload, PayloadCodec } from '@temporalio/common';
import { READABLE } from '../contract/readable-payload';
import type { PayloadKey } from './payload-keys';
import { isSealed, openPayload, sealPayload } from './sealed-payload';

/**
 * Encrypts with the first key, and decrypts with any. Plain payloads pass through unchanged: histories from before there were keys must
 * still replay. Without keys nothing is encrypted, and encrypted payloads are refused, not passed through. With `anyWorkflow`, a payload
 * need not belong to the workflow it appears in: a codec server does not know that workflow, and an exported history has lost its id.
 */
export function payloadCodec(keys: readonly PayloadKey[], { anyWorkflow = false } = {}): PayloadCodec {
  const [first] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    encode: async (payloads, context) =>
      payloads.map((payload) => {
        const { [READABLE]: mark, ...metadata } = payload.metadata ?? {};
        // Temporal's command line prints a summary as text only if its metadata holds nothing but the encoding.
        if (mark !== undefined) return { ...payload, metadata };
        return first === undefined ? payload : sealPayload(payload, first, context?.workflowId);
      }),
    decode: async (payloads, context) =>
      payloads.map((payload: Payload) =>
        isSealed(payload) ? openPayload(payload, byId, anyWorkflow ? undefined : context?.workflowId) : payload,
      ),
  };
}
