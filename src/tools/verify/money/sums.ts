import { toMinorNumber } from '../../../domain/money';
import type { Money } from '../../../domain/money';
import type { Tally } from '../verdict';

const COLUMNS = ['captured', 'refunded', 'completed'] as const;
type Column = (typeof COLUMNS)[number];

/** Counts the same money a second time: by currency, not by order. */
export class Sums {
  readonly #byCurrency = new Map<string, Record<Column, bigint>>();

  add(column: Column, { minor, currency }: Money): void {
    const sums = this.#byCurrency.get(currency) ?? { captured: 0n, refunded: 0n, completed: 0n };
    sums[column] += minor;
    this.#byCurrency.set(currency, sums);
  }

  compare(tally: Tally): void {
    for (const [currency, sums] of this.#byCurrency) {
      const figures = COLUMNS.map((column) => [column, toMinorNumber({ minor: sums[column], currency })] as const);
      tally.details[currency] = Object.fromEntries(figures);
      if (sums.captured - sums.refunded === sums.completed) continue;
      const sentence = `${currency}: ${sums.captured} captured, ${sums.refunded} refunded, ${sums.completed} completed`;
      tally.violation('sum-differs', null, sentence);
    }
  }
}
