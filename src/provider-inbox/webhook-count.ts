import { INBOX_ROLES, isInboxRole } from './senders';

/**
 * What became of a webhook. `received`: stored, and somebody will ask. `repeated`: it was stored before. `unknown`: it is genuine, and about
 * nothing of ours. `other-tenant`: about an order that did not begin at whoever signed it.
 */
export type Receipt = (typeof RECEIPTS)[number];
const RECEIPTS = ['received', 'repeated', 'stale', 'forged', 'unknown', 'other-tenant'] as const;

export interface CountedWebhooks {
  readonly role: string;
  readonly outcome: Receipt;
  readonly count: number;
}

/** Anybody can make up a role in an address, so all of these count as one. */
const NO_ROLE = 'none';
const ROLES = [...Object.keys(INBOX_ROLES), NO_ROLE];

/** Every pair has a figure from the start: a series that appears only with the first forgery cannot be told from one that does not exist. */
export class WebhookCount {
  readonly #counts = new Map<string, number>();

  add(role: string, outcome: Receipt): void {
    const name = nameOf(isInboxRole(role) ? role : NO_ROLE, outcome);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  all(): CountedWebhooks[] {
    return ROLES.flatMap((role) =>
      RECEIPTS.map((outcome) => ({ role, outcome, count: this.#counts.get(nameOf(role, outcome)) ?? 0 })),
    );
  }
}

const nameOf = (role: string, outcome: Receipt): string => `${role} ${outcome}`;
