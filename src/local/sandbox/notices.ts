import { setTimeout as rest } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { ProtocolRole } from '../../adapters/http/protocol/protocol';
import type { Faults } from './faults';
import { newId } from './operation';

const FIRST_REST_MS = 500;
/** After half an hour it gives up. */
const LONGEST_REST_MS = 15 * 60_000;
const ANSWER_WITHIN_MS = 10_000;

export interface NoticeOptions {
  /** `whsec_…` */
  readonly secret: string;
  /** The address of the API. May throw as long as there is none. */
  readonly apiUrl: () => string;
  readonly signal: AbortSignal;
  readonly faults: Faults;
}

/** For the fault switches: `fail-before` loses the webhook, `slow` makes it late, and `lose-answer` makes it come again. */
export const WEBHOOK = 'webhook';

/** Says by a signed webhook that a key may have changed, again and again until it is taken. Rejects only when the signal aborts. */
export async function notify(
  role: ProtocolRole,
  key: string,
  { secret, apiUrl, signal, faults }: NoticeOptions,
): Promise<void> {
  const target = { provider: role, operation: WEBHOOK, key };
  if (faults.fire('fail-before', target)) return;
  const lateMs = faults.fire('slow', target)?.delayMs;
  if (lateMs !== undefined) await rest(lateMs, undefined, { signal });
  const id = newId('evt');
  const body = JSON.stringify({ type: `${role}.changed`, key });
  const send = async (): Promise<boolean> => {
    // eslint-disable-next-line no-restricted-syntax -- a provider signs by its own clock
    const at = new Date();
    const { ok } = await fetch(new URL(`/v1/providers/-/${role}/webhook`, apiUrl()), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign(id, at, body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    return ok && !faults.fire('lose-answer', target);
  };
  for (let restMs = FIRST_REST_MS; restMs <= LONGEST_REST_MS; restMs *= 2) {
    if (await send().catch(() => false)) return;
    await rest(restMs, undefined, { signal });
  }
}
