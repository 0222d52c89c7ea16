import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** As many as HMAC-SHA256 can use. */
const SECRET_BYTES = 32;

/** A new signing secret, in the notation of Standard Webhooks. */
export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** What is signed. Every attempt has the same `id` and its own `at`, so that a recorded request goes stale. */
export interface Signed {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

const MS_IN_A_SECOND = 1_000;

/** The three headers of Standard Webhooks. */
export const signatureHeaders = (secret: string, { id, at, body }: Signed): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / MS_IN_A_SECOND)),
  'webhook-signature': new Webhook(secret).sign(id, at, body),
});
