import type { EndpointDirectory } from '../../webhooks/endpoint-directory';
import type { Endpoint } from '../../webhooks/endpoints';
import type { SendWebhook, Sent } from '../../webhooks/send';
import type { Sockets } from '../../webhooks/sockets';
import { QUICK_MS } from '../../webhooks/standings';
import type { Standings } from '../../webhooks/standings';
import { CLOUD_EVENT_TYPE, structured } from '../cloud-event';
import { DELIVERED } from '../sink';
import type { Outcome, Parcel } from '../sink';

/** How long the result of an attempt that its page did not wait for is kept for the retry beside the page. */
const KEPT_MS = 60_000;

interface Means {
  readonly endpoints: EndpointDirectory;
  readonly send: SendWebhook;
  readonly sockets: Sockets;
  readonly standings: Standings;
}

/** An outcome; `silence` is why the endpoint did not answer, if it did not. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly silence?: string;
}

const UNWANTED: Attempted = { outcome: { status: 'unwanted' } };
const later = (reason: string): Attempted => ({ outcome: { status: 'later', reason } });

/** Makes attempts within the limit on sockets. An attempt that its page did not wait for goes on, and is not made twice. */
export class WebhookAttempts {
  readonly #underWay = new Map<string, Promise<Sent>>();

  constructor(private readonly means: Means) {}

  /** Returns `later` if no socket is free within `patienceMs`; in a `hurry`, also if the answer does not come soon. */
  async attempt(parcel: Parcel, { hurry, patienceMs }: { hurry: boolean; patienceMs: number }): Promise<Attempted> {
    const { endpoints, standings } = this.means;
    const { event, target } = parcel;
    const endpoint = (await endpoints.enabledOf(event.tenant)).find(({ id }) => id === target);
    if (!endpoint) return UNWANTED;

    const key = `${target} ${event.id} ${parcel.replay ?? ''}`;
    if (!this.#underWay.has(key)) await this.#begin(key, endpoint, parcel, patienceMs);
    const sending = this.#underWay.get(key);
    if (!sending) return later('No connection to its endpoint was free');
    const sent = hurry ? await soon(sending) : await sending;
    if (!sent) {
      standings.markSlow(target);
      return later('Its endpoint is slow');
    }
    this.#underWay.delete(key);

    if (sent.status === 'delivered') return { outcome: DELIVERED };
    if (sent.status === 'failed') {
      const outcome: Outcome = { status: 'failed', reason: sent.reason, retry: true };
      return sent.answered ? { outcome } : { outcome, silence: sent.reason };
    }
    await endpoints.disable(event.tenant, target, 'It answered 410 Gone.');
    return UNWANTED;
  }

  async #begin(key: string, endpoint: Endpoint, { event, target, replay }: Parcel, patienceMs: number): Promise<void> {
    const { sockets, standings, send } = this.means;
    const claim = { endpoint: target, tenant: event.tenant, slow: standings.isSlow(target) };
    const giveBack = await sockets.take(claim, patienceMs);
    if (!giveBack) return;
    const began = performance.now();
    const message = { id: event.id, contentType: CLOUD_EVENT_TYPE, body: structured(event), replay };
    const sending = send(endpoint, message).then((sent) => {
      giveBack();
      if (sent.status === 'failed' && !sent.answered) standings.wasSilent(target);
      else standings.answered(target, performance.now() - began);
      setTimeout(() => this.#underWay.delete(key), KEPT_MS).unref();
      return sent;
    });
    this.#underWay.set(key, sending);
  }
}

/** Undefined if the answer takes longer than a page waits. */
async function soon(sending: Promise<Sent>): Promise<Sent | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, QUICK_MS, undefined)));
  return Promise.race([sending, over]).finally(() => clearTimeout(timer));
}
