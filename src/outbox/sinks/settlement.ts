import { toMinorNumber } from '../../domain/money';
import type { Money } from '../../domain/money';
import type { PaymentGateway } from '../../ports/payment-gateway';
import { providerKey } from '../../ports/provider-key';
import { ProviderUnreachable } from '../../ports/provider-unreachable';
import type { Database, Queryable, Transaction } from '../../postgres/database';
import { isUnavailable } from '../../postgres/error-codes';
import { lockOrder } from '../../postgres/lock-order';
import { append } from '../append';
import { processOnce } from '../inbox';
import type { OutboxEvent } from '../outbox-event';
import { DELIVERED } from '../sink';
import type { Outcome, Sink } from '../sink';

const NAME = 'settlement';
/** In each lane, so thirty-odd in a relay that has all of them: a hundred captures a second with a processor that takes 0.3 s. */
const AT_ONCE = 4;

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 3_600_000;
/** Twelve in the first hour or so, then hourly: a day, well within which an authorization is still good. */
const MOST_ATTEMPTS = 36;

/**
 * Takes the money when the label exists, because a card is charged when goods leave. Forward only: what cannot be captured waits for an
 * operator, and no order is undone for it.
 */
export const settlementSink = (db: Database, payments: PaymentGateway): Sink => ({
  name: NAME,
  types: ['label.generated'],

  async deliver(parcels) {
    const attempts: PromiseSettledResult<Outcome>[] = [];
    for (let at = 0; at < parcels.length; at += AT_ONCE) {
      const few = parcels.slice(at, at + AT_ONCE).map(({ event }) => settle(event, db, payments));
      attempts.push(...(await Promise.allSettled(few)));
      throwIfAway(attempts.slice(-AT_ONCE));
    }
    return attempts.map(outcomeOf);
  },

  retryAfterMs: (attempts) =>
    attempts < MOST_ATTEMPTS ? Math.min(FIRST_REST_MS * 2 ** (attempts - 1), LONGEST_REST_MS) : undefined,

  close: async () => undefined,
});

async function settle({ id, checkoutId }: OutboxEvent, db: Database, payments: PaymentGateway): Promise<Outcome> {
  const payment = await paymentOf(db, checkoutId);
  if (!payment) return forOperators('There is a label and no authorized payment');
  if (payment.voided) return forOperators('There is a label, and the payment was voided');
  if (payment.captured) return DELIVERED;

  // Asked before the transaction opens: no row stays locked while the processor thinks. Dying after the answer asks again under
  // the same key and gets the same capture.
  const { amount } = payment;
  const answer = await payments.capture({ key: providerKey(checkoutId, 'payment-authorized'), amount });
  if (answer.outcome === 'rejected') {
    return forOperators(`The processor rejects the capture (${answer.reason}): put it right there, then redrive`);
  }
  await db.transaction(async (tx) => {
    // The lock before the inbox, which writes: an older transaction that waited for the lock could not announce any more.
    await lockOrder(tx, checkoutId);
    if (await processOnce(tx, NAME, id)) await recordCapture(tx, checkoutId, { captureId: answer.captureId, amount });
  });
  return DELIVERED;
}

type Payment = { amount: Money; voided: boolean; captured: boolean };

async function paymentOf(db: Queryable, checkoutId: string): Promise<Payment | undefined> {
  const { rows } = await db.query<Money & Omit<Payment, 'amount'>>(
    `select amount_minor as minor, currency, voided_at is not null as voided, captured_at is not null as captured
       from payments
      where checkout_id = $1`,
    [checkoutId],
  );
  return rows.map(({ minor, currency, ...rest }) => ({ amount: { minor, currency }, ...rest }))[0];
}

type Capture = { captureId: string; amount: Money };

async function recordCapture(tx: Transaction, checkoutId: string, { captureId, amount }: Capture): Promise<void> {
  const { rowCount } = await tx.query(
    `update payments set capture_id = $2, captured_at = now() where checkout_id = $1 and captured_at is null`,
    [checkoutId, captureId],
  );
  // The inbox forgets after a while, the payment does not.
  if (rowCount === 0) return;
  const announced = { minor: toMinorNumber(amount), currency: amount.currency };
  await append(tx, checkoutId, [{ type: 'payment.captured', data: { captureId, amount: announced } }]);
}

const forOperators = (reason: string): Outcome => ({ status: 'failed', reason, retry: false });

/** Away is the database, or a processor that answers none of several orders: one that is not answered while others are is its own trouble. */
function throwIfAway(attempts: readonly PromiseSettledResult<Outcome>[]): void {
  const errors = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as Error] : []));
  const nobodyAnswered =
    errors.length === attempts.length && errors.every((error) => error instanceof ProviderUnreachable);
  const away = errors.find(isUnavailable) ?? (nobodyAnswered ? errors[0] : undefined);
  if (away) throw away;
}

/** What was thrown may have acted: it is asked again. */
const outcomeOf = (attempt: PromiseSettledResult<Outcome>): Outcome =>
  attempt.status === 'fulfilled'
    ? attempt.value
    : { status: 'failed', reason: (attempt.reason as Error).message, retry: true };
