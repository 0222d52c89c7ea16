import { ApplicationFailure } from '@temporalio/activity';
import type { Decider } from '../src/contract/activities';
import type { CheckoutEvent } from '../src/domain/events';
import type { AuthorizationAnswer } from '../src/ports/payment-gateway';
import type { Queryable, Transaction } from '../src/postgres/database';
import { refuse } from './refuse';

/** An answer that leaves the payment undecided. */
export type UndecidedAnswer = Extract<AuthorizationAnswer, { readonly outcome: 'customer-action' | 'pending' }>;

export const isUndecided = (answer: AuthorizationAnswer): answer is UndecidedAnswer =>
  answer.outcome === 'customer-action' || answer.outcome === 'pending';

export const deciderOf = ({ outcome }: UndecidedAnswer): Decider =>
  outcome === 'customer-action' ? 'customer' : 'provider';

/** In an update of a checkout: nobody asks the customer any more. */
export const NO_LONGER_AWAITING = `state = case state when 'awaiting-customer' then 'running' else state end`;

/** The wait of the checkout in `mine` is over. */
export const SETTLE_WAIT = `
  update payment_waits
     set settled_at = now(), action_url = null
    from mine
   where payment_waits.checkout_id = mine.id
     and settled_at is null`;

/**
 * Notes what the payment waits for, with the order locked. The deadline is that of the first wait. Repeated, it changes nothing; an
 * event is only for a customer who had not been asked.
 */
export async function noteWait(
  tx: Transaction,
  checkoutId: string,
  answer: UndecidedAnswer,
  awaitCustomer: string,
): Promise<readonly CheckoutEvent[]> {
  const { url, expiresAt } = answer.outcome === 'customer-action' ? answer : { url: null, expiresAt: null };
  const { rows } = await tx.query<{ until: Date }>(
    `insert into payment_waits (checkout_id, action_url, action_expires_at, deadline)
     values ($1, $2, $3, now() + $4::interval)
     on conflict (checkout_id) do update
        set action_url = excluded.action_url, action_expires_at = excluded.action_expires_at
      where (payment_waits.action_url, payment_waits.action_expires_at)
            is distinct from (excluded.action_url, excluded.action_expires_at)
     returning least(action_expires_at, deadline) as until`,
    [checkoutId, url, expiresAt, awaitCustomer],
  );
  const [wait] = rows;
  if (!wait) return [];
  const state = url === null ? 'running' : 'awaiting-customer';
  const { rowCount } = await tx.query(`update checkouts set state = $2 where id = $1 and state <> $2`, [
    checkoutId,
    state,
  ]);
  if (rowCount === 0 || url === null) return [];
  return [{ type: 'payment.awaiting-customer', data: { expiresAt: wait.until.toISOString() } }];
}

/** Milliseconds until the deadline, by Postgres' clock; not positive once it has passed. */
export async function timeToDecide(db: Queryable, checkoutId: string): Promise<number> {
  const { rows } = await db.query<{ leftMs: number }>(
    `select extract(epoch from deadline - now())::float8 * 1000 as "leftMs" from payment_waits where checkout_id = $1`,
    [checkoutId],
  );
  const [wait] = rows;
  if (!wait) throw new Error(`The payment of ${checkoutId} was never undecided`);
  return wait.leftMs;
}

export const abandoned = (waitsFor: Decider): ApplicationFailure =>
  waitsFor === 'customer'
    ? refuse('PaymentAbandoned', 'The payment was not approved in time.')
    : refuse('StepUnavailable', 'The payment was not decided in time, so everything was undone. Nothing was charged.');

/** The processor is asked after five seconds, then twice as long each time, up to a minute. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
const DOUBLINGS = Math.ceil(Math.log2(LONGEST_PAUSE_MS / FIRST_PAUSE_MS));

/** What makes Temporal try again, at the latest at the deadline. It adds nothing to the history, however long it takes. */
export function stillUndecided(why: string, attempt: number, leftMs: number): ApplicationFailure {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, DOUBLINGS), LONGEST_PAUSE_MS);
  return ApplicationFailure.create({
    type: 'StillUndecided',
    message: why,
    category: 'BENIGN',
    nextRetryDelay: Math.max(Math.ceil(Math.min(pauseMs, leftMs)), 1),
  });
}
