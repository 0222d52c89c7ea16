import type { EndpointDirectory } from '../../webhooks/endpoint-directory';
import { retryAfterMs } from '../../webhooks/retry-schedule';
import type { SendWebhook } from '../../webhooks/send';
import { Sockets } from '../../webhooks/sockets';
import { Standings } from '../../webhooks/standings';
import { inParallel } from './in-parallel';
import { BEHIND } from '../sink';
import type { Outcome, Parcel, Sink } from '../sink';
import { WebhookAttempts } from './webhook-attempts';
import { deliverShare, grouped } from './webhook-share';

/** Each of them waits for sockets, which have their own limit. */
const ENDPOINTS_AT_ONCE = 32;
/** How long a page, which has everybody's events, waits for the endpoints: the rest goes on beside it. */
const ON_A_PAGE_MS = 250;
/** Beside the pages an endpoint keeps only itself waiting. After this long its lane gets the results so far. */
const BESIDE_MS = 10_000;

export interface WebhooksSinkOptions {
  readonly endpoints: EndpointDirectory;
  readonly send: SendWebhook;
  readonly sockets?: Sockets;
  /** Time limit beside the pages, after which the rest is retried. */
  readonly besideMs?: number;
}

/**
 * Signed webhooks: an event's targets are its tenant's endpoints. A page never waits for a slow endpoint: what that has not taken is
 * `later`, and goes on beside the page, where each endpoint is served separately.
 */
export const webhooksSink = ({
  endpoints,
  send,
  sockets = new Sockets(),
  besideMs = BESIDE_MS,
}: WebhooksSinkOptions): Sink => {
  const standings = new Standings();
  const attempts = new WebhookAttempts({ endpoints, send, sockets, standings });
  return {
    name: 'webhooks',

    async targetsOf({ tenant }) {
      return (await endpoints.enabledOf(tenant)).map(({ id }) => id);
    },

    async deliver(parcels, { hurry } = { hurry: false }) {
      const outcomes = new Map<Parcel, Outcome>();
      const until = performance.now() + (hurry ? ON_A_PAGE_MS : besideMs);
      await inParallel(
        grouped(parcels, ({ target }) => target),
        ENDPOINTS_AT_ONCE,
        (share) => deliverShare(share, outcomes, { attempts, standings, hurry, until }),
      );
      // A parcel without an outcome was not tried, because one before it was not taken.
      return parcels.map((parcel) => outcomes.get(parcel) ?? BEHIND);
    },

    resting: () => standings.resting(),

    retryAfterMs,

    close: async () => undefined,
  };
};
