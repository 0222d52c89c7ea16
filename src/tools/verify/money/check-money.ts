import { Elsewhere } from '../elsewhere';
import type { AtSandbox } from '../elsewhere';
import type { Stream } from '../stream';
import type { Verdict } from '../verdict';
import { accountsOf } from './accounts';
import type { JournalLine } from './journal-line';
import { MoneyJudge } from './money-judge';
import type { OrderCost } from './money-judge';

export interface MoneyEvidence {
  /** The journals of the payment processor and of the carrier, read in this order: a charged order has its label by then. */
  readonly payments: Stream<JournalLine>;
  readonly labels: Stream<JournalLine>;
  readonly atSandbox: AtSandbox;
  /** All orders, read last: a label has its order by then. */
  readonly orders: Stream<OrderCost>;
  /** An order with a younger label may not have been charged yet. Milliseconds since 1970. */
  readonly settledBefore: number;
}

/**
 * P5: what was charged is what completed orders cost, for each order and for each currency, to the minor unit. Completed means that the
 * carrier has a valid label: the goods leave. If its journal is not read, that is taken from the ledger.
 */
export async function checkMoney({
  payments,
  labels,
  atSandbox,
  orders,
  settledBefore,
}: MoneyEvidence): Promise<Verdict> {
  const accounts = await accountsOf(payments, labels);
  const judge = new MoneyJudge(settledBefore, new Elsewhere(atSandbox));
  for await (const order of orders) {
    judge.order(order, accounts.get(order.checkoutId));
    accounts.delete(order.checkoutId);
  }
  for (const [checkoutId, account] of accounts) judge.stranger(checkoutId, account);
  return judge.verdict();
}
