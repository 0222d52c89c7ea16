import type { Step } from '../domain/steps';
import type { Queryable } from '../postgres/database';
import { isSigned } from './is-signed';
import type { Signature } from './is-signed';

/** The roles whose providers may write to us, and the step that a notice is about. */
export const INBOX_ROLES = { warehouse: 'fulfillment-triggered' } as const satisfies Record<string, Step>;
export type InboxRole = keyof typeof INBOX_ROLES;

export const isInboxRole = (role: string): role is InboxRole => Object.hasOwn(INBOX_ROLES, role);

/** A provider that may write to us. */
export interface Sender {
  /** Whose it is: the tenant, or `-` if it serves every tenant that has none of its own. */
  readonly source: string;
  readonly role: InboxRole;
  /** What is stored with the orders that began at it. */
  readonly choice: string;
  /** In the notation of Standard Webhooks. */
  readonly secret: string;
}

/** Whose webhook it is, as the path says: nothing that can be relied on. */
export interface Claim {
  readonly tenant: string;
  readonly role: string;
}

/** `received` also if it was received before. `unknown`: no order that began at this sender has such a key. */
export type Receipt = 'received' | 'stale' | 'unknown';

export interface ProviderInbox {
  /** Who signed the body, which is given as it came; undefined if it is forged. */
  senderOf(claim: Claim, signature: Signature, bytes: Buffer): Sender | undefined;
  /** `key` is that of our call. */
  receive(sender: Sender, signature: Signature, key: string): Promise<Receipt>;
}

/** As Standard Webhooks proposes. By Postgres' clock: a host's clock may be off. */
const STALE_SECONDS = 300;

/** Takes the webhooks of providers. One statement each, and nothing is decided by it: `askProviders` asks the provider itself. */
export const providerInbox = (db: Queryable, senders: readonly Sender[]): ProviderInbox => ({
  senderOf: ({ tenant, role }, signature, bytes) =>
    senders
      .filter((sender) => sender.source === tenant && sender.role === role)
      .find(({ secret }) => isSigned(secret, signature, bytes)),

  async receive({ source, role, choice }, { id, timestamp }, key) {
    const [checkoutId, step] = key.split(':');
    if (step !== INBOX_ROLES[role]) return 'unknown';
    // The order says whose it is, not the path: a provider of one tenant reaches no order of another. An order older than choices has none:
    // its provider is chosen when we ask it, so a notice from any other leads to a needless question at most.
    const { rows } = await db.query<{ fresh: boolean; known: boolean }>(
      `with letter as (
         select abs(extract(epoch from now()) - $6::float8) <= ${STALE_SECONDS} as fresh
       ), about as (
         select id
           from checkouts
          where id = $4
            and $1 in ('-', tenant)
            and coalesce(providers ->> $2, $5) = $5
       ), stored as (
         insert into provider_notices (source, role, notice_id, checkout_id)
         select $1, $2, $3, about.id from letter, about where fresh
             on conflict do nothing
       )
       select fresh, exists (select from about) as known from letter`,
      [source, role, id, checkoutId, choice, timestamp],
    );
    const [row] = rows;
    if (!row?.fresh) return 'stale';
    return row.known ? 'received' : 'unknown';
  },
});
