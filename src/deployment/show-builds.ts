import type { Build } from './builds';

const HEADINGS = ['build', 'state', 'workers', 'open orders'];

/** The builds as a table for people. */
export function showBuilds(builds: readonly Build[]): string {
  if (builds.length === 0) return 'No versioned worker has polled yet.';
  const rows = [
    HEADINGS,
    ...builds.map(({ build, state, workers, openOrders }) => [build, state, String(workers), String(openOrders)]),
  ];
  const widths = HEADINGS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
