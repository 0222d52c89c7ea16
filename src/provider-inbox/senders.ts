import type { Step } from '../domain/steps';
import type { Notice, WebhookHeaders, Webhooks } from '../ports/notice';

/** The roles whose providers may write to us, and the step that a notice is about. */
export const INBOX_ROLES = {
  payments: 'payment-authorized',
  warehouse: 'fulfillment-triggered',
} as const satisfies Record<string, Step>;
export type InboxRole = keyof typeof INBOX_ROLES;

export const isInboxRole = (role: string): role is InboxRole => Object.hasOwn(INBOX_ROLES, role);

/** A provider that may write to us. */
export interface Sender {
  /** Whose it is: the tenant, or `-` if it serves every tenant that has none of its own. */
  readonly source: string;
  readonly role: InboxRole;
  /** What is stored with the orders that began at it. */
  readonly choice: string;
  /** Which account of a platform it is, whose accounts share a secret and an address. */
  readonly account?: string;
  readonly webhooks: Webhooks;
  readonly secret: string;
}

/** Where a webhook came to, as its path says: nothing that can be relied on. */
export interface Address {
  /** `-` for a provider that serves every tenant, and for the accounts of a platform. */
  readonly tenant: string;
  readonly role: string;
}

export interface Genuine {
  readonly role: InboxRole;
  readonly notice: Notice;
  /** Who may have signed it: one, or the accounts of a platform. */
  readonly senders: readonly Sender[];
}

/** Undefined if nobody who may write to this address has signed these bytes. */
export function genuine(
  senders: readonly Sender[],
  address: Address,
  headers: WebhookHeaders,
  bytes: Buffer,
): Genuine | undefined {
  const expected = senders.filter((sender) => writesTo(sender, address));
  const tried = new Set<string>();
  for (const { role, webhooks, secret } of expected) {
    // A thousand accounts of one platform cost no more than one, also when a stranger sends nonsense.
    if (tried.has(secret)) continue;
    tried.add(secret);
    const notice = webhooks.read(secret, headers, bytes);
    if (notice) return { role, notice, senders: expected.filter((sender) => sender.secret === secret) };
  }
  return undefined;
}

const writesTo = ({ role, source, account }: Sender, address: Address): boolean =>
  role === address.role && (source === address.tenant || (address.tenant === '-' && account !== undefined));
