/** What decides from when on a checkout owes its end. */
export interface Owing {
  readonly acceptedAt: Date;
  /** When its payment was decided, or when it must be at the latest; null if that was never left open. */
  readonly decidedBy: Date | null;
}

/** In a query of `checkouts`, the column `decidedBy`. */
export const DECIDED_BY = `
  (select coalesce(settled_at, deadline) from payment_waits where checkout_id = checkouts.id) as "decidedBy"`;

/** While its customer is asked, or its payment is pending, a checkout owes nothing. Milliseconds since 1970. */
export const owedSince = ({ acceptedAt, decidedBy }: Owing): number =>
  Math.max(acceptedAt.getTime(), decidedBy?.getTime() ?? -Infinity);

/** The same for people. */
export const sinceWhen = ({ acceptedAt, decidedBy }: Owing): string =>
  decidedBy === null
    ? `Accepted at ${acceptedAt.toISOString()}`
    : `Its payment had to be decided by ${decidedBy.toISOString()}`;
