import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { PayloadKey } from './payload-keys';

const { Payload: PayloadMessage } = temporal.api.common.v1;

const CIPHER = 'aes-256-gcm';
const SEALED = 'binary/encrypted';
const ENCODING = 'encoding';
const KEY_ID = 'encryption-key-id';
const WORKFLOW_ID = 'encryption-workflow-id';
/** Random, as GCM requires: safe for about four billion payloads under one key, or some hundred million checkouts. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** An id in a payload may have been forged, and may be of any length. */
const SHOWN_ID_LENGTH = 64;

/** A payload that cannot, or must not, be decrypted. The message holds key ids and workflow ids, never content. */
export class UnreadablePayload extends Error {
  /** The only part that Temporal records unencrypted. */
  override readonly name = 'UnreadablePayload';
}

/** Encrypts the whole payload, its encoding included, into nonce, ciphertext and tag; bound to key id and workflow id. */
export function sealPayload(payload: Payload, key: PayloadKey, workflowId: string | undefined): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(key.id, workflowId));
  const ciphertext = [cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()];
  return {
    metadata: {
      [ENCODING]: Buffer.from(SEALED),
      [KEY_ID]: Buffer.from(key.id),
      ...(workflowId !== undefined && { [WORKFLOW_ID]: Buffer.from(workflowId) }),
    },
    data: Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()]),
  };
}

/** Also true if only one of the marks is left: such a payload was tampered with, and `openPayload` says so. */
export const isSealed = (payload: Payload): boolean =>
  textOf(payload, ENCODING) === SEALED || textOf(payload, KEY_ID) !== undefined;

/** Decrypts, or throws `UnreadablePayload`: ciphertext is never passed through. Without `workflowId` the payload may be any workflow's. */
export function openPayload(
  payload: Payload,
  keys: ReadonlyMap<string, PayloadKey>,
  workflowId: string | undefined,
): Payload {
  const keyId = textOf(payload, KEY_ID);
  const owner = textOf(payload, WORKFLOW_ID);
  const data = payload.data ?? new Uint8Array();
  if (keyId === undefined || textOf(payload, ENCODING) !== SEALED || data.length < NONCE_BYTES + TAG_BYTES) {
    throw new UnreadablePayload('An encrypted payload is damaged: it was changed after it was written');
  }
  const key = keys.get(keyId);
  if (!key) {
    throw new UnreadablePayload(
      `A payload is encrypted with the key ${quoted(keyId)}, which is not in PAYLOAD_KEYS: add it after the first one`,
    );
  }
  // Somebody who can write to Temporal's store could otherwise give one order's answer to another.
  if (owner !== undefined && workflowId !== undefined && owner !== workflowId) {
    throw new UnreadablePayload(`A payload of the workflow ${quoted(owner)} turned up in ${quoted(workflowId)}`);
  }
  try {
    return PayloadMessage.decode(decrypt(data, key, owner));
  } catch (cause) {
    throw new UnreadablePayload(
      `A payload cannot be decrypted with the key ${quoted(keyId)}: it was changed, or PAYLOAD_KEYS has another key under this id`,
      { cause },
    );
  }
}

function decrypt(data: Uint8Array, key: PayloadKey, owner: string | undefined): Buffer {
  const nonce = data.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(key.id, owner));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

const boundTo = (keyId: string, workflowId: string | undefined): Buffer =>
  Buffer.from(JSON.stringify([SEALED, keyId, workflowId ?? null]));

function textOf({ metadata }: Payload, name: string): string | undefined {
  const bytes = metadata?.[name];
  return bytes && Buffer.from(bytes).toString();
}

const quoted = (id: string): string => JSON.stringify(id.slice(0, SHOWN_ID_LENGTH));
