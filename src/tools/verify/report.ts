import type { Output } from '../terminal/output';
import { PROMISE_NAMES } from './command';
import type { PromiseName } from './command';
import { PROMISES } from './promises';
import { isKept } from './verdict';
import type { Finding, Verdict } from './verdict';

/** The verdicts of the promises that were checked, as `--json` prints them. */
export type Verdicts = Readonly<Partial<Record<PromiseName, Verdict>>>;

/** Prints the tables for people, or the one object for programs. */
export function report(output: Output, asOf: Date, verdicts: Verdicts): boolean {
  const ok = Object.values(verdicts).every(isKept);
  output.answer({ ok, asOf: asOf.toISOString(), promises: verdicts });
  output.say(`As of ${asOf.toISOString()}`);
  output.say('');
  const rows = PROMISE_NAMES.flatMap((name) => {
    const verdict = verdicts[name];
    return verdict ? [{ name, verdict, cells: cellsOf(name, verdict) }] : [];
  });
  const [head = '', ...lines] = inColumns([HEAD, ...rows.map(({ cells }) => cells)]);
  output.draw([{ text: `  ${head}`, style: 'dim' }]);
  for (const [at, { verdict }] of rows.entries()) {
    output.draw([markOf(verdict), { text: lines[at] ?? '' }]);
  }
  for (const { name, verdict } of rows) explain(output, name, verdict);
  output.say('');
  const isWhole = rows.every(({ verdict }) => verdict.unchecked.length === 0);
  output.say(!ok ? 'Not as promised.' : isWhole ? 'All as promised.' : 'As promised, as far as it was checked.');
  return ok;
}

/** A promise that was not checked, or only in part, is not reported as kept. */
function markOf(verdict: Verdict) {
  if (!isKept(verdict)) return MARKS.broken;
  return verdict.unchecked.length > 0 || verdict.checked === 0 ? MARKS.unseen : MARKS.kept;
}

const MARKS = {
  kept: { text: '✓ ', style: 'green' },
  unseen: { text: '? ', style: 'dim' },
  broken: { text: '✗ ', style: 'red' },
} as const;

const HEAD = ['', 'PROMISE', 'CHECKED', 'VIOLATIONS', 'PENDING'];

const cellsOf = (name: PromiseName, { checked, violations, pending }: Verdict): string[] => [
  name,
  PROMISES[name].title,
  ...[checked, violations, pending].map(String),
];

/** Prints the figures behind a promise, and what is wrong with it. */
function explain(
  output: Output,
  name: PromiseName,
  { details, examples, violations, unchecked, notes }: Verdict,
): void {
  const [first] = Object.values(details);
  if (first) {
    const table = Object.entries(details).map(([row, figures]) => [row, ...Object.values(figures).map(String)]);
    const [head = '', ...lines] = inColumns([[name, ...Object.keys(first).map(heading)], ...table]);
    output.say('');
    output.draw([{ text: `  ${head}`, style: 'dim' }]);
    for (const line of lines) output.say(`  ${line}`);
  }
  const more = violations - examples.length;
  const sentences = [...notes, ...unchecked.map((what) => `Not checked: ${what}`), ...examples.map(sentenceOf)];
  for (const sentence of [...sentences, ...(more > 0 ? [`and ${more} more`] : [])])
    output.say(`  ${name}  ${sentence}`);
}

const sentenceOf = ({ kind, checkoutId, sentence }: Finding): string =>
  `${kind}${checkoutId === null ? '' : `  ${checkoutId}`}  ${sentence}`;

/** `outOfOrder` as `OUT OF ORDER`. */
const heading = (name: string): string => name.replace(/[A-Z]/g, ' $&').toUpperCase();

/** Words aligned left, figures right. */
function inColumns(table: readonly (readonly string[])[]): string[] {
  const [head = []] = table;
  const widths = head.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const isFigure = (column: number) => table.slice(1).every((cells) => /^-?\d+$/.test(cells[column] ?? ''));
  return table.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isFigure(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
