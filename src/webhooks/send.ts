import { settleWithin, TookTooLong } from '../runtime/time-limit';
import { AddressRefused, admit } from './address-guard';
import type { AddressRules } from './address-guard';
import { pinnedPost } from './pinned-post';
import { signatureHeaders } from './signature';

/** For everything: name server, handshake, answer. Who needs longer should say 202 and work afterwards. */
const TIMEOUT_MS = 10_000;

const GONE = 410;

export interface WebhookMessage {
  /** Stays with every attempt: receivers tell duplicates by it. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
  /** The replay that an operator asked for, which a header names. */
  readonly replay?: string | undefined;
}

/** `gone`: it wants nothing any more. A failure that was not `answered` says that there is nobody, whatever is sent. */
export type Sent =
  | { readonly status: 'delivered' | 'gone' }
  | { readonly status: 'failed'; readonly reason: string; readonly answered: boolean };

/** Makes one signed POST and says what became of it; never throws. */
export type SendWebhook = (to: { url: string; secret: string }, message: WebhookMessage) => Promise<Sent>;

export interface SenderOptions extends AddressRules {
  /** What receivers hold against their own clocks, and refuse when it is minutes off: the database's clock, not this host's. */
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
      // A name server cannot be told to stop, only left alone.
      return await settleWithin(timeoutMs, async (signal) => {
        const admitted = await admit(url, rules);
        signal.throwIfAborted();
        return judged(await pinnedPost(admitted, { headers, body, signal, ...(ca === undefined ? {} : { ca }) }));
      });
    } catch (error) {
      const tooLong = error instanceof TookTooLong;
      const reason = tooLong ? `It did not answer within ${timeoutMs / 1_000} s.` : reasonOf(error);
      return { status: 'failed', reason, answered: false };
    }
  };

function judged(status: number): Sent {
  if (status >= 200 && status < 300) return { status: 'delivered' };
  if (status === GONE) return { status: 'gone' };
  return { status: 'failed', reason: `It answered with status ${status}.`, answered: true };
}

function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return error.message;
  // Only the code: the sentence of Node may name addresses, and tenants are shown this.
  const { code = 'the connection failed' } = error as NodeJS.ErrnoException;
  return `It could not be reached: ${code}.`;
}
