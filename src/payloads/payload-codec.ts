import type { Payload, PayloadCodec } from '@temporalio/common';
import { READABLE } from '../contract/readable-payload';
import type { PayloadKey } from './payload-keys';
import { isSealed, openPayload, sealPayload } from './sealed-payload';

/**
 * Encrypts with the first key and decrypts with any. What was never encrypted is passed on as it is: histories from before there
 * were keys must still replay. Without keys nothing is encrypted, and what is encrypted is still refused, not passed on. With
 * `anyWorkflow`, payloads need not belong to the workflow they come up in: a codec server is not told it, and an exported
 * history has lost it.
 */
export function payloadCodec(keys: readonly PayloadKey[], { anyWorkflow = false } = {}): PayloadCodec {
  const [first] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    encode: async (payloads, context) =>
      payloads.map((payload) => {
        const { [READABLE]: mark, ...metadata } = payload.metadata ?? {};
        // Temporal's command line prints a summary as text only if its encoding is all that is said about it.
        if (mark !== undefined) return { ...payload, metadata };
        return first === undefined ? payload : sealPayload(payload, first, context?.workflowId);
      }),
    decode: async (payloads, context) =>
      payloads.map((payload: Payload) =>
        isSealed(payload) ? openPayload(payload, byId, anyWorkflow ? undefined : context?.workflowId) : payload,
      ),
  };
}
