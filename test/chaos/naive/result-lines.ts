import { STEPS } from '../../../src/domain/steps';
import type { Result } from './compare';

const WIDTH = 30;

/** A row for each result, then what arithmetic predicts for seven calls. */
export function resultLines(results: readonly Result[]): string {
  const row = (name: string, ...cells: readonly (string | number)[]): string =>
    `${name.padEnd(WIDTH)}${cells.map((cell) => String(cell).padStart(12)).join('')}`;
  return [
    '',
    row('', 'FAULTS', 'ALL SEVEN', 'NOTHING', 'HALF DONE', 'SHARE'),
    ...results.map(({ system, rate, done, nothing, halfDone, orders }) =>
      row(system, percent(rate), done, nothing, halfDone, percent(halfDone / orders)),
    ),
    '',
    ...[...new Set(results.map(({ rate }) => rate))].map(arithmetic),
    '',
  ].join('\n');
}

/** Predicts the first row. Two failures leave no half-done order: a first call that did not act, and a last call that did. */
function arithmetic(rate: number): string {
  const any = 1 - (1 - rate) ** STEPS.length;
  const halfDone = any - rate / 2 - (1 - rate) ** (STEPS.length - 1) * (rate / 2);
  return `At ${percent(rate)} a call, some call fails in ${percent(any)} of the orders, and ${percent(halfDone)} end half done.`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
