import { toMinorNumber } from '../../domain/money';
import type { Money } from '../../domain/money';
import { ProviderFault } from '../../ports/provider-fault';
import { providerKey } from '../../ports/provider-key';
import type { Transaction } from '../../postgres/database';
import { isUnavailable } from '../../postgres/error-codes';
import { lockOrder } from '../../postgres/lock-order';
import { append } from '../append';
import { processOnce } from '../inbox';
import type { OutboxEvent } from '../outbox-event';
import { DELIVERED } from '../sink';
import type { Outcome, Sink } from '../sink';
import { commitGoods } from './commit-goods';
import type { SettlementParts } from './commit-goods';
import { readSettlement } from './read-settlement';
import type { Settlement } from './read-settlement';

const NAME = 'settlement';
/** In each lane, so thirty-two in a relay with all lanes: a hundred captures a second if the processor takes 0.3 s. */
const CONCURRENCY = 4;

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 3_600_000;
/** Twelve in about the first hour, then hourly for a day, well before an authorization expires. */
const MOST_ATTEMPTS = 36;

/**
 * Captures the payment once the label exists, because a card is charged when goods leave, and takes the goods off the stock of an inventory
 * that is called. It never undoes an order: what fails for good waits for an operator.
 */
export const settlementSink = (parts: SettlementParts): Sink => ({
  name: NAME,
  types: ['label.generated'],

  async deliver(parcels) {
    const attempts: PromiseSettledResult<Outcome>[] = [];
    for (let at = 0; at < parcels.length; at += CONCURRENCY) {
      const few = parcels.slice(at, at + CONCURRENCY).map(({ event }) => settle(event, parts));
      attempts.push(...(await Promise.allSettled(few)));
      throwIfAway(attempts.slice(-CONCURRENCY));
    }
    return attempts.map(outcomeOf);
  },

  retryAfterMs: (attempts) =>
    attempts < MOST_ATTEMPTS ? Math.min(FIRST_REST_MS * 2 ** (attempts - 1), LONGEST_REST_MS) : undefined,

  close: async () => undefined,
});

async function settle(event: OutboxEvent, parts: SettlementParts): Promise<Outcome> {
  const settlement = await readSettlement(parts.db, event.checkoutId);
  if (!settlement) return forOperators('There is a label and no authorized payment');
  if (settlement.held && !settlement.captured) return HELD;
  const order = { ...event, providers: settlement.providers };
  const [captured, committed] = await Promise.all([
    capture(event, settlement, parts),
    commitGoods(order, settlement, parts),
  ]);
  if (committed.status !== 'failed' || captured.status !== 'failed')
    return committed.status === 'failed' ? committed : captured;
  // The goods decide when both are tried again, because they are tried without end.
  return { ...committed, reason: `${captured.reason}. ${committed.reason}` };
}

async function capture(event: OutboxEvent, payment: Settlement, { db, providerOf }: SettlementParts): Promise<Outcome> {
  const { id, checkoutId } = event;
  if (payment.voided) return forOperators('There is a label, and the payment was voided');
  if (payment.captured) return DELIVERED;

  // Called before the transaction, so that no row stays locked meanwhile. After a crash in between, the retry uses the same key and gets
  // the same capture.
  const { amount, providers } = payment;
  const key = providerKey(checkoutId, 'payment-authorized');
  const payments = await providerOf('payments', { ...event, providers });
  const answer = await payments.capture({ key, amount });
  if (answer.outcome === 'rejected') {
    return forOperators(`The processor rejects the capture (${answer.reason}): settle it there, then redrive`);
  }
  await db.transaction(async (tx) => {
    // The lock comes before the inbox, which writes: a transaction that wrote before it waited for the lock may be too old to append.
    await lockOrder(tx, checkoutId);
    if (await processOnce(tx, NAME, id)) await recordCapture(tx, checkoutId, { captureId: answer.reference, amount });
  });
  return DELIVERED;
}

/** Operators were called when the warehouse refused, and end it. */
const HELD: Outcome = {
  status: 'failed',
  reason:
    'The warehouse refused the order after it had accepted it: the capture waits until an operator has settled that',
  retry: 'without-end',
};

type Capture = { captureId: string; amount: Money };

async function recordCapture(tx: Transaction, checkoutId: string, { captureId, amount }: Capture): Promise<void> {
  const { rowCount } = await tx.query(
    `update payments set capture_id = $2, captured_at = now() where checkout_id = $1 and captured_at is null`,
    [checkoutId, captureId],
  );
  // The inbox forgets after a while; the payment does not.
  if (rowCount === 0) return;
  const captured = { minor: toMinorNumber(amount), currency: amount.currency };
  await append(tx, checkoutId, [{ type: 'payment.captured', data: { captureId, amount: captured } }]);
}

const forOperators = (reason: string): Outcome => ({ status: 'failed', reason, retry: false });

/** Throws if the database is away, or if the processor answered for no order. If it answered for some, the other failures are their own. */
function throwIfAway(attempts: readonly PromiseSettledResult<Outcome>[]): void {
  const errors = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as Error] : []));
  const nobodyAnswered =
    errors.length === attempts.length && errors.every((error) => error instanceof ProviderFault && error.isAway);
  const away = errors.find(isUnavailable) ?? (nobodyAnswered ? errors[0] : undefined);
  if (away) throw away;
}

/** An attempt that threw may have acted, so it is retried. */
const outcomeOf = (attempt: PromiseSettledResult<Outcome>): Outcome =>
  attempt.status === 'fulfilled'
    ? attempt.value
    : { status: 'failed', reason: (attempt.reason as Error).message, retry: true };
