import type { EndpointDirectory } from '../../webhooks/endpoint-directory';
import { retryAfterMs } from '../../webhooks/retry-schedule';
import type { SendWebhook } from '../../webhooks/send';
import { CLOUD_EVENT_TYPE, structured } from '../cloud-event';
import { inParallel } from '../in-parallel';
import { BEHIND, DELIVERED } from '../sink';
import type { Outcome, Parcel, Sink } from '../sink';

/** Sockets at once are at most the product: a page for many tenants must not open thousands. */
const ENDPOINTS_AT_ONCE = 32;
const ORDERS_AT_ONCE = 8;
/** What one endpoint may take of a page: one that always answers just in time would hold up all others. */
const LONGEST_ON_A_PAGE_MS = 30_000;

export interface WebhooksSinkOptions {
  readonly endpoints: EndpointDirectory;
  readonly send: SendWebhook;
  readonly longestOnAPageMs?: number;
}

/** Signed webhooks: the endpoints of an event's tenant are its targets. */
export const webhooksSink = (options: WebhooksSinkOptions): Sink => ({
  name: 'webhooks',

  async targetsOf({ tenant }) {
    const endpoints = await options.endpoints.enabledOf(tenant);
    return endpoints.map(({ id }) => id);
  },

  async deliver(parcels) {
    const outcomes = new Map<Parcel, Outcome>();
    await inParallel(
      grouped(parcels, ({ target }) => target),
      ENDPOINTS_AT_ONCE,
      (share) => deliverShare(share, outcomes, options),
    );
    // What was not tried stands behind one that failed.
    return parcels.map((parcel) => outcomes.get(parcel) ?? BEHIND);
  },

  retryAfterMs,

  close: async () => undefined,
});

const UNWANTED: Outcome = { status: 'unwanted' };
const failed = (reason: string): Outcome => ({ status: 'failed', reason, retry: true });

/** One endpoint's share of a page: its orders side by side, the events of each one after the other, none after a failed one. */
async function deliverShare(
  share: readonly Parcel[],
  outcomes: Map<Parcel, Outcome>,
  options: WebhooksSinkOptions,
): Promise<void> {
  const attempt = attemptsAtOneEndpoint(options);
  await inParallel(
    grouped(share, ({ event }) => event.checkoutId),
    ORDERS_AT_ONCE,
    async (order) => {
      for (const parcel of order) {
        const outcome = await attempt(parcel);
        outcomes.set(parcel, outcome);
        if (outcome.status === 'failed') return;
      }
    },
  );
}

/** Once nobody answers, or it takes too long, the rest of the page is not tried: a dead endpoint costs one timeout, whatever waits for it. */
function attemptsAtOneEndpoint({ endpoints, send, longestOnAPageMs = LONGEST_ON_A_PAGE_MS }: WebhooksSinkOptions) {
  const until = performance.now() + longestOnAPageMs;
  let silence: string | undefined;

  return async ({ event, target }: Parcel): Promise<Outcome> => {
    const endpoint = (await endpoints.enabledOf(event.tenant)).find(({ id }) => id === target);
    if (!endpoint) return UNWANTED;
    if (performance.now() > until) silence ??= 'it takes too long.';
    if (silence !== undefined) return failed(`Not tried, because the endpoint is not answering: ${silence}`);

    const sent = await send(endpoint, { id: event.id, contentType: CLOUD_EVENT_TYPE, body: structured(event) });
    if (sent.status === 'failed') {
      if (!sent.answered) silence ??= sent.reason;
      return failed(sent.reason);
    }
    if (sent.status === 'delivered') return DELIVERED;
    await endpoints.disable(event.tenant, target, 'It answered 410 Gone.');
    return UNWANTED;
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return groups.values();
}
