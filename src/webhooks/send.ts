import { settleWithin, TookTooLong } from '../runtime/time-limit';
import { AddressRefused, admit } from './address-guard';
import type { AddressRules } from './address-guard';
import { pinnedPost } from './pinned-post';
import { signatureHeaders } from './signature';

/** For everything: DNS, handshake, answer. A receiver that needs longer should answer 202 and work afterwards. */
const TIMEOUT_MS = 10_000;

const GONE = 410;

export interface WebhookMessage {
  /** The same in every attempt: receivers recognise duplicates by it. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
  /** The id of the operator's replay, sent as a header. */
  readonly replay?: string | undefined;
}

/** `gone`: the endpoint wants no more events. A failure that was not `answered` would have happened to any message. */
export type Sent =
  | { readonly status: 'delivered' | 'gone' }
  | { readonly status: 'failed'; readonly reason: string; readonly answered: boolean };

/** Makes one signed POST and returns its result; never throws. */
export type SendWebhook = (to: { url: string; secret: string }, message: WebhookMessage) => Promise<Sent>;

export interface SenderOptions extends AddressRules {
  /** The database's clock, not this host's: receivers refuse a timestamp that is minutes off their own. */
  readonly now: () => Date;
  readonly timeoutMs?: number;
  /** Certificate authorities to trust instead of the usual ones. */
  readonly ca?: string;
}

export const webhookSender =
  ({ now, timeoutMs = TIMEOUT_MS, ca, ...rules }: SenderOptions): SendWebhook =>
  async ({ url, secret }, { id, contentType, body, replay }) => {
    const headers = {
      ...signatureHeaders(secret, { id, at: now(), body }),
      ...(replay !== undefined && { 'webhook-replay': replay }),
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'durable-checkout-webhooks',
    };
    try {
      // A DNS look-up cannot be aborted, only ignored.
      return await settleWithin(timeoutMs, async (signal) => {
        const admitted = await admit(url, rules);
        signal.throwIfAborted();
        return resultOf(await pinnedPost(admitted, { headers, body, signal, ...(ca === undefined ? {} : { ca }) }));
      });
    } catch (error) {
      const tooLong = error instanceof TookTooLong;
      const reason = tooLong ? `It did not answer within ${timeoutMs / 1_000} s.` : reasonOf(error);
      return { status: 'failed', reason, answered: false };
    }
  };

function resultOf(status: number): Sent {
  if (status >= 200 && status < 300) return { status: 'delivered' };
  if (status === GONE) return { status: 'gone' };
  return { status: 'failed', reason: `It answered with status ${status}.`, answered: true };
}

function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return error.message;
  // Only the code: tenants see this, and Node's message may name addresses.
  const { code = 'the connection failed' } = error as NodeJS.ErrnoException;
  return `It could not be reached: ${code}.`;
}
