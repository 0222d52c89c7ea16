import type { Money } from '../../../domain/money';
import type { Stream } from '../stream';
import { checkoutIdOf } from './journal-line';
import type { JournalLine } from './journal-line';

/** What the payment processor and the carrier know about one order. */
export interface Account {
  readonly captures: Money[];
  readonly refunds: Money[];
  voided: boolean;
  /** When its valid label was made, in milliseconds since 1970; undefined if it has none. */
  labelledAt: number | undefined;
}

/** Folds the journals, payments first. Calls that changed nothing (`replayed`, `failed`, `rejected` …) leave no trace. */
export async function accountsOf(
  payments: Stream<JournalLine>,
  labels: Stream<JournalLine>,
): Promise<Map<string, Account>> {
  const accounts = new Map<string, Account>();
  const accountOf = (line: JournalLine): Account => {
    const checkoutId = checkoutIdOf(line);
    const account = accounts.get(checkoutId) ?? { captures: [], refunds: [], voided: false, labelledAt: undefined };
    accounts.set(checkoutId, account);
    return account;
  };
  for await (const line of payments) {
    switch (`${line.operation} ${line.outcome}`) {
      case 'capture captured':
        accountOf(line).captures.push(moneyOf(line));
        break;
      // A void that found money taken has given it back.
      case 'void refunded':
      case 'refund refunded':
        accountOf(line).refunds.push(moneyOf(line));
        break;
      case 'void voided':
        accountOf(line).voided = true;
        break;
    }
  }
  for await (const line of labels) {
    if (line.operation === 'label' && line.outcome === 'generated') accountOf(line).labelledAt = Date.parse(line.at);
    if (line.operation === 'void' && line.outcome === 'voided') accountOf(line).labelledAt = undefined;
  }
  return accounts;
}

/** Captured minus refunded, by currency. */
export function netOf({ captures, refunds }: Account): Map<string, bigint> {
  const net = new Map<string, bigint>();
  for (const { minor, currency } of captures) net.set(currency, (net.get(currency) ?? 0n) + minor);
  for (const { minor, currency } of refunds) net.set(currency, (net.get(currency) ?? 0n) - minor);
  return net;
}

function moneyOf({ key, amount, currency }: JournalLine): Money {
  if (amount === undefined || currency === undefined)
    throw new Error(`A journal line moves money for ${key} but does not say how much`);
  return { minor: BigInt(amount), currency };
}
