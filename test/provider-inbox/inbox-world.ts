import { createHmac, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { checkoutActivities } from '../../activities';
import type { OrderKey } from '../../src/contract/checkout';
import type { FulfillmentAnswer, Warehouse } from '../../src/ports/warehouse';
import { standardWebhooks } from '../../src/adapters/http/standard-webhooks';
import { INBOX_ROLES } from '../../src/provider-inbox/senders';
import type { InboxRole, Sender } from '../../src/provider-inbox/senders';
import { askWarehouses } from '../../src/provider-inbox/ask-warehouses';
import { passOnPaymentNews } from '../../src/provider-inbox/pass-on-payment-news';
import { providerInbox } from '../../src/provider-inbox/provider-inbox';
import type { Webhooks } from '../../src/ports/notice';
import { apiWorld } from '../support/api-world';
import { accepted, stepsBefore } from '../support/checkout-world';
import { replacing } from '../support/replaced-ports';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
export const SECRETS = { everybody: newSecret(), acme: newSecret(), globex: newSecret(), platform: newSecret() };

/** Webhooks of a platform: they name the payment as it does, and the account. */
const platformWebhooks: Webhooks = {
  signedWith: 'secret',
  read(secret, headers, bytes) {
    const notice = standardWebhooks.read(secret, headers, bytes);
    return notice && { ...notice, ...(JSON.parse(bytes.toString()) as object) };
  },
};

const sender = (role: InboxRole, source: string, choice: string, secret: string): Sender => ({
  ...{ role, source, choice, secret, webhooks: standardWebhooks },
});
const account = (source: string, name: string): Sender => ({
  ...sender('payments', source, `platform ${name}`, SECRETS.platform),
  ...{ account: name, webhooks: platformWebhooks },
});

const SENDERS: Sender[] = [
  ...(['warehouse', 'payments'] as const).flatMap((role) => [
    sender(role, 'acme', 'http acme', SECRETS.acme),
    sender(role, 'globex', 'http globex', SECRETS.globex),
    sender(role, '-', 'http', SECRETS.everybody),
  ]),
  account('acme', 'acct_acme'),
  account('globex', 'acct_globex'),
];

interface Sent {
  readonly role?: InboxRole;
  readonly secret?: string;
  readonly source?: string;
  readonly id?: string;
  readonly at?: Date;
  readonly signed?: string;
  /** Bytes if it is no text. */
  readonly body?: string | Buffer;
  readonly type?: Readonly<Record<string, string>>;
  /** What the body says beside the key. */
  readonly says?: object;
}

/** The API, and a warehouse that accepts and then says what the test makes it say. */
export async function inboxWorld() {
  const world = await apiWorld({
    providerInbox: { receive: (...webhook) => inbox.receive(...webhook), counted: () => inbox.counted() },
  });
  let news = 0;
  const inbox = providerInbox({ db: world.db, senders: SENDERS, onPaymentNews: () => void (news += 1) });
  const says: Record<string, FulfillmentAnswer> = {};
  const asked: string[] = [];
  const warehouse: Warehouse = {
    trigger: async ({ key }) => ({ outcome: 'accepted', reference: `ful_${key.slice(4, 36)}` }),
    find: async ({ key }) => (asked.push(key), says[key] ?? { outcome: 'unseen' }),
    cancel: async () => undefined,
  };
  const providerOf = replacing(world.providers.providerOf, { warehouse });
  const activities = checkoutActivities({ ...world.providers, db: world.db, providerOf });

  const begunAt = (order: OrderKey, role: InboxRole, choice: string) =>
    world.db.query(`update checkouts set providers = jsonb_build_object($2::text, $3::text) where id = $1`, [
      order.checkoutId,
      role,
      choice,
    ]);
  const told: string[] = [];
  const logger = pino({ level: 'silent' });

  return {
    ...world,
    activities,
    asked,
    /** The checkouts that were told of their payment. */
    told,
    news: () => news,

    /** An order whose warehouse has accepted it, after so many steps. */
    async acceptedByWarehouse({ steps = 4, choice = 'http' } = {}): Promise<OrderKey> {
      const order = await accepted(world.db);
      await begunAt(order, 'warehouse', choice);
      await stepsBefore(activities, order, Math.min(steps, 6));
      if (steps === 7) await activities.generateLabel(order);
      return order;
    },

    /** An order whose payment is still to be authorized, at the provider of that name. */
    async paying({ choice = 'http' } = {}): Promise<OrderKey> {
      const order = await accepted(world.db);
      await begunAt(order, 'payments', choice);
      await stepsBefore(activities, order, 1);
      return order;
    },

    say: ({ checkoutId }: OrderKey, answer: FulfillmentAnswer) => {
      says[`${checkoutId}:fulfillment-triggered`] = answer;
    },

    /** A webhook about the order; genuine unless the test says otherwise. */
    send({ checkoutId }: OrderKey, { secret = SECRETS.everybody, source = '-', ...sent }: Sent = {}) {
      const { id = randomBytes(8).toString('hex'), at = new Date(), role = 'warehouse' } = sent;
      const key = `${checkoutId}:${INBOX_ROLES[role]}`;
      const { body = JSON.stringify({ type: `${role}.changed`, key, ...sent.says }) } = sent;
      const seconds = String(Math.floor(at.getTime() / 1_000));
      const hmac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
      const digest = hmac
        .update(`${id}.${seconds}.`)
        .update(sent.signed ?? body)
        .digest('base64');
      return world.app.inject({
        method: 'POST',
        url: `/v1/providers/${source}/${role}/webhook`,
        headers: {
          ...(sent.type ?? { 'content-type': 'application/json' }),
          'webhook-id': id,
          'webhook-timestamp': seconds,
          'webhook-signature': `v1,${digest}`,
        },
        payload: body,
      });
    },

    askWarehouses: () => askWarehouses({ db: world.db, providerOf, logger }),

    passOnNews: (tell = async ({ checkoutId }: Pick<OrderKey, 'checkoutId'>) => void told.push(checkoutId)) =>
      passOnPaymentNews({ db: world.db, tell, logger }),

    noticesOf: async ({ checkoutId }: OrderKey) =>
      (await world.db.query(`select from provider_notices where checkout_id = $1`, [checkoutId])).rowCount,

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
