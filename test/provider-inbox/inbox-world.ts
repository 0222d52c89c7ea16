import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { pino } from 'pino';
import { checkoutActivities } from '../../activities';
import type { OrderKey } from '../../src/contract/checkout';
import type { FulfillmentAnswer, Warehouse } from '../../src/ports/warehouse';
import { askProviders } from '../../src/provider-inbox/ask-providers';
import { providerInbox } from '../../src/provider-inbox/provider-inbox';
import type { Sender } from '../../src/provider-inbox/provider-inbox';
import { apiWorld } from '../support/api-world';
import { accepted, stepsBefore } from '../support/checkout-world';
import { replacing } from '../support/replaced-ports';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
export const SECRETS = { everybody: newSecret(), acme: newSecret(), globex: newSecret() };

const SENDERS: Sender[] = [
  { source: '-', role: 'warehouse', choice: 'http', secret: SECRETS.everybody },
  { source: 'acme', role: 'warehouse', choice: 'http acme', secret: SECRETS.acme },
  { source: 'globex', role: 'warehouse', choice: 'http globex', secret: SECRETS.globex },
];

interface Sent {
  readonly secret?: string;
  readonly source?: string;
  readonly id?: string;
  readonly at?: Date;
  readonly signed?: string;
  readonly body?: string;
}

/** The API, and a warehouse that accepts and then says what the test makes it say. */
export async function inboxWorld() {
  const world = await apiWorld({
    providerInbox: {
      senderOf: (...webhook) => inbox.senderOf(...webhook),
      receive: (...from) => inbox.receive(...from),
    },
  });
  const inbox = providerInbox(world.db, SENDERS);
  const says: Record<string, FulfillmentAnswer> = {};
  const asked: string[] = [];
  const warehouse: Warehouse = {
    trigger: async ({ key }) => ({ outcome: 'accepted', reference: `ful_${key.slice(4, 36)}` }),
    find: async ({ key }) => (asked.push(key), says[key] ?? { outcome: 'unseen' }),
    cancel: async () => undefined,
  };
  const providerOf = replacing(world.providers.providerOf, { warehouse });
  const activities = checkoutActivities({ ...world.providers, db: world.db, providerOf });

  return {
    ...world,
    activities,
    asked,

    /** An order whose warehouse has accepted it, after so many steps. */
    async acceptedByWarehouse({ steps = 4, choice = 'http' } = {}): Promise<OrderKey> {
      const order = await accepted(world.db);
      await world.db.query(`update checkouts set providers = jsonb_build_object('warehouse', $2::text) where id = $1`, [
        order.checkoutId,
        choice,
      ]);
      await stepsBefore(activities, order, Math.min(steps, 6));
      if (steps === 7) await activities.generateLabel(order);
      return order;
    },

    say: ({ checkoutId }: OrderKey, answer: FulfillmentAnswer) => {
      says[`${checkoutId}:fulfillment-triggered`] = answer;
    },

    /** A webhook about the order; genuine unless the test says otherwise. */
    send({ checkoutId }: OrderKey, { secret = SECRETS.everybody, source = '-', ...sent }: Sent = {}) {
      const { id = randomBytes(8).toString('hex'), at = new Date() } = sent;
      const about = JSON.stringify({ type: 'fulfillment.changed', key: `${checkoutId}:fulfillment-triggered` });
      const { body = about } = sent;
      return world.app.inject({
        method: 'POST',
        url: `/v1/providers/${source}/warehouse/webhook`,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(secret).sign(id, at, sent.signed ?? body),
        },
        payload: body,
      });
    },

    askProviders: () => askProviders({ db: world.db, providerOf, logger: pino({ level: 'silent' }) }),

    openCases: async ({ checkoutId }: OrderKey) =>
      (
        await world.db.query<{ kind: string; why: string }>(
          `select kind, why from attention where checkout_id = $1 and cleared_at is null`,
          [checkoutId],
        )
      ).rows,
  };
}

export type InboxWorld = Awaited<ReturnType<typeof inboxWorld>>;
