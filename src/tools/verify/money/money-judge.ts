import { format } from '../../../domain/money';
import type { Money } from '../../../domain/money';
import type { Choices } from '../../../ports/providers';
import type { Elsewhere } from '../elsewhere';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { netOf } from './accounts';
import type { Account } from './accounts';
import { Sums } from './sums';

/** What the lines of an order cost, and what no journal shows. */
export interface OrderCost {
  readonly checkoutId: string;
  readonly cost: Money;
  /** Null for older orders. */
  readonly providers: Choices | null;
  /** When its label was made according to the ledger, in milliseconds since 1970; null if it has none. */
  readonly labelledAt: number | null;
  /** An operator voided its label. */
  readonly voidedByHand: boolean;
  /** Its warehouse refused after all, and no operator has settled that: the capture waits. */
  readonly heldBack: boolean;
}

const NOTHING: Account = { captures: [], refunds: [], voided: false, labelledAt: undefined };

/** Compares each order with what was charged for it, and finally the sums. */
export class MoneyJudge {
  readonly #tally = new Tally();
  readonly #sums = new Sums();

  constructor(
    private readonly settledBefore: number,
    private readonly elsewhere: Elsewhere,
  ) {}

  order(order: OrderCost, account: Account = NOTHING): void {
    const { checkoutId, cost, providers, voidedByHand, heldBack } = order;
    if (this.elsewhere.leaveOut(['payments'], providers).length > 0) return;
    this.#tally.checked += 1;
    const { captures } = account;
    const labelledAt = this.elsewhere.has('carrier', providers) ? order.labelledAt : account.labelledAt;
    this.#alone(checkoutId, account);
    if (labelledAt === null || labelledAt === undefined || voidedByHand)
      return this.#unpaid(checkoutId, account, 'is not completed');
    if (captures.length === 0 && (heldBack || labelledAt >= this.settledBefore)) {
      this.#tally.pending += 1;
      return;
    }
    this.#sums.add('completed', cost);
    if (captures.length > 0) return this.#paid(checkoutId, cost, netOf(account));
    this.#tally.violation('not-captured', checkoutId, `It is completed, but ${format(cost)} was not captured`);
  }

  /** An order in the journals that Postgres does not have. */
  stranger(checkoutId: string, account: Account): void {
    if (account.captures.length === 0 && account.refunds.length === 0) return;
    this.#tally.checked += 1;
    this.#alone(checkoutId, account);
    this.#unpaid(checkoutId, account, 'is not in Postgres');
  }

  verdict(): Verdict {
    this.#sums.compare(this.#tally);
    this.elsewhere.report(this.#tally);
    return this.#tally;
  }

  /** What must hold for an authorization, however its order ended. */
  #alone(checkoutId: string, { captures, refunds, voided }: Account): void {
    for (const money of captures) this.#sums.add('captured', money);
    for (const money of refunds) this.#sums.add('refunded', money);
    if (captures.length > 1) {
      this.#tally.violation('captured-twice', checkoutId, `It was captured ${captures.length} times`);
    }
    if (voided && captures.length > 0) {
      this.#tally.violation('voided-and-captured', checkoutId, 'Its authorization was both voided and captured');
    }
  }

  #paid(checkoutId: string, cost: Money, net: ReadonlyMap<string, bigint>): void {
    const taken = [...net].map(([currency, minor]) => ({ minor, currency }));
    const kind = taken.some(({ currency }) => currency !== cost.currency)
      ? 'wrong-currency'
      : net.get(cost.currency) !== cost.minor && 'wrong-amount';
    if (!kind) return;
    const sentence = `It costs ${format(cost)}, but ${taken.map(format).join(' and ')} was captured`;
    this.#tally.violation(kind, checkoutId, sentence);
  }

  #unpaid(checkoutId: string, account: Account, why: string): void {
    for (const [currency, minor] of netOf(account)) {
      if (minor === 0n) continue;
      const sentence = `It ${why}, but ${format({ minor, currency })} was captured`;
      this.#tally.violation('captured-without-order', checkoutId, sentence);
    }
  }
}
