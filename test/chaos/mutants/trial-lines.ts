import { isGood } from '../../support/trials';
import type { Trial } from './trial';

/** A row for each tree, then what went wrong. */
export function trialLines(trials: readonly Trial[]): string {
  const rows = [
    ['', 'VERDICT', 'SECONDS', 'NOTICED BY', 'EXPECTED'],
    ...trials.map(({ name, verdict, seconds, noticedBy, wanted }) => [
      name,
      verdict,
      String(seconds),
      noticedBy.join(' ') || '–',
      wanted.join(' ') || '–',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const lines = rows.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const told = trials.filter(({ verdict }) => !isGood({ verdict }));
  const mutants = trials.filter(({ wanted }) => wanted.length > 0);
  const caught = mutants.filter(({ verdict }) => verdict === 'caught');
  return [
    '',
    ...lines,
    '',
    ...told.flatMap(({ name, bug, failures }) => [`${name}: ${bug}`, ...failures.map((failure) => `  ${failure}`)]),
    `${caught.length} of ${mutants.length} mutants were caught.`,
    '',
  ].join('\n');
}
