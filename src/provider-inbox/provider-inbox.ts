import type { WebhookHeaders } from '../ports/notice';
import type { Queryable } from '../postgres/database';
import { genuine, INBOX_ROLES } from './senders';
import type { Address, Genuine, Sender } from './senders';
import { WebhookCount } from './webhook-count';
import type { CountedWebhooks, Receipt } from './webhook-count';

export interface ProviderInbox {
  /** Takes a webhook, its body as it came. Nothing is decided by it. */
  receive(address: Address, headers: WebhookHeaders, bytes: Buffer): Promise<Receipt>;
  /** What came to this process. */
  counted(): readonly CountedWebhooks[];
}

export interface InboxParts {
  readonly db: Queryable;
  readonly senders: readonly Sender[];
  /** A notice about a payment was stored. */
  readonly onPaymentNews?: () => void;
}

/** The webhooks of providers: one statement each. What follows from what it stores is done by `askWarehouses` and `passOnPaymentNews`. */
export function providerInbox({ db, senders, onPaymentNews }: InboxParts): ProviderInbox {
  const count = new WebhookCount();
  return {
    async receive(address, headers, bytes) {
      const signed = genuine(senders, address, headers, bytes);
      const receipt = signed ? await store(db, signed) : 'forged';
      count.add(address.role, receipt);
      if (receipt === 'received' && address.role === 'payments') onPaymentNews?.();
      return receipt;
    },
    counted: () => count.all(),
  };
}

/** As Standard Webhooks and Stripe propose. By Postgres' clock: a host's clock may be off. */
const STALE_SECONDS = 300;

const OUR_KEY = /^(chk_[0-9a-f]{32}):([a-z-]{1,50})$/;

async function store(db: Queryable, { role, notice, senders }: Genuine): Promise<Receipt> {
  const { id, signedAt, reference, account } = notice;
  const [key, checkoutId, step] = OUR_KEY.exec(notice.key ?? '') ?? [];
  const own = senders.filter((sender) => account === undefined || account === sender.account);
  // The order says whose it is, not the address: a provider of one tenant reaches no order of another, and an account of a platform none of
  // another account. An order older than choices has none: its provider is chosen when we ask it, so a notice from any other leads to a
  // needless question at most.
  const { rows } = await db.query<{ fresh: boolean; known: boolean; reached: boolean; first: boolean }>(
    `with letter as (
       select abs(extract(epoch from now()) - $1::float8) <= ${STALE_SECONDS} as fresh
     ), about as (
       select id, checkouts.tenant, providers ->> $2 as choice, reference
         from checkouts
         left join provider_references known on known.role = $2 and known.key = $3
        where id = $4
     ), sender as (
       select source, id
         from about
         join unnest($5::text[], $6::text[]) as own (source, choice)
           on source in ('-', tenant)
          and own.choice = coalesce(about.choice, own.choice)
        where coalesce(reference = $7, true)
        limit 1
     ), stored as (
       insert into provider_notices (source, role, notice_id, checkout_id)
       select source, $2, $8, sender.id from letter, sender where fresh
           on conflict do nothing
       returning 1
     )
     select fresh, exists (select from about) as known, exists (select from sender) as reached,
            exists (select from stored) as first
       from letter`,
    [
      ...[signedAt, role, key, step === INBOX_ROLES[role] ? checkoutId : undefined],
      ...[own.map(({ source }) => source), own.map(({ choice }) => choice), reference, id],
    ],
  );
  const [row] = rows;
  if (!row?.fresh) return 'stale';
  if (!row.known) return 'unknown';
  if (!row.reached) return 'other-tenant';
  return row.first ? 'received' : 'repeated';
}
