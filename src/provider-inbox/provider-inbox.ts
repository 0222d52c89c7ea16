import type { Step } from '../domain/steps';
import type { Queryable } from '../postgres/database';
import { isSigned } from './is-signed';
import type { SignatureHeaders } from './is-signed';

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

/** What came in. `source` is what the path says. */
export interface Letter {
  readonly source: string;
  readonly role: InboxRole;
  /** The `key` in the body: that of our call. */
  readonly key: string;
  readonly headers: SignatureHeaders | undefined;
  /** The body as it came, which is what was signed. */
  readonly bytes: Buffer;
}

/** `received` also if it was received before. `unknown`: no order that began at this sender has such a key. */
export type Receipt = 'received' | 'forged' | 'stale' | 'unknown';

export interface ProviderInbox {
  receive(letter: Letter): Promise<Receipt>;
}

/** As Standard Webhooks proposes. By Postgres' clock: a host's clock may be off. */
const STALE_SECONDS = 300;

/** Takes the webhooks of providers. One statement each, and nothing is decided by it: `askProviders` asks the provider itself. */
export const providerInbox = (db: Queryable, senders: readonly Sender[]): ProviderInbox => ({
  async receive({ source, role, key, headers, bytes }) {
    const allowed = senders.filter((each) => each.source === source && each.role === role);
    const sender = headers && allowed.find(({ secret }) => isSigned(secret, headers, bytes));
    if (!sender) return 'forged';
    const [checkoutId, step] = key.split(':');
    if (step !== INBOX_ROLES[role]) return 'unknown';
    // The order says whose it is, not the path: a provider of one tenant reaches no order of another.
    const { rows } = await db.query<{ fresh: boolean; known: boolean }>(
      `with letter as (
         select abs(extract(epoch from now()) - $6::float8) <= ${STALE_SECONDS} as fresh
       ), about as (
         select id
           from checkouts
          where id = $4
            and $1 in ('-', tenant)
            and providers ->> $2 = $5
       ), stored as (
         insert into provider_notices (source, role, notice_id, checkout_id)
         select $1, $2, $3, about.id from letter, about where fresh
             on conflict do nothing
       )
       select fresh, exists (select from about) as known from letter`,
      [source, role, headers.id, checkoutId, sender.choice, headers.timestamp],
    );
    const [row] = rows;
    if (!row?.fresh) return 'stale';
    return row.known ? 'received' : 'unknown';
  },
});
