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

/** Each waits for sockets, of which there is a limit of its own. */
const ENDPOINTS_AT_ONCE = 32;
/** Of the time of a page, which is everybody's: what one endpoint does not take of it within this goes on beside it. */
const ON_A_PAGE_MS = 250;
/** Beside the pages an endpoint keeps only itself waiting. So often its lane learns what became of its events. */
const BESIDE_MS = 10_000;

export interface WebhooksSinkOptions {
  readonly endpoints: EndpointDirectory;
  readonly send: SendWebhook;
  readonly sockets?: Sockets;
  /** Beside the pages; then the rest is asked for again. */
  readonly besideMs?: number;
}

/**
 * Signed webhooks: the endpoints of an event's tenant are its targets. A page waits for none that is slow: what it has not taken is `later`,
 * and goes on beside the page, where each endpoint is by itself.
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
      // What was not tried stands behind one that was not taken.
      return parcels.map((parcel) => outcomes.get(parcel) ?? BEHIND);
    },

    resting: () => standings.resting(),

    retryAfterMs,

    close: async () => undefined,
  };
};
