import type { Measured } from '../measure';
import type { Report } from './report';
import { mediansOf } from './report';

const WIDTH = 760;
const LEFT = 190;
const LONGEST = 430;
const ROW = 26;
const TOP = 56;
const OURS = '#2f6f4f';
const THEIRS = '#9aa5b1';

/** Two groups of horizontal bars: events per second, and milliseconds from commit to publication. */
export function plotOf(report: Report): string {
  const rows = mediansOf(report);
  const rates = bars(
    rows.filter(({ system }) => !system.endsWith('Busy')),
    'perSecond',
    { title: 'Events per second', top: TOP },
  );
  const second = TOP + ROW * (rates.length + 1) + TOP;
  const times = bars(rows, 'p50Ms', { title: 'Milliseconds from commit to publication, p50', top: second });
  const height = second + ROW * (times.length + 1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    text(16, 24, `Medians of ${report.rounds} rounds on ${report.machine}`),
    ...rates,
    ...times,
    '</svg>\n',
  ].join('\n');
}

function bars(
  rows: readonly Measured[],
  figure: 'perSecond' | 'p50Ms',
  { title, top }: { title: string; top: number },
): string[] {
  const most = Math.max(...rows.map((row) => row[figure]));
  const bar = (row: Measured, at: number): string => {
    const y = top + ROW * at + 12;
    const length = Math.max(1, Math.round((row[figure] / most) * LONGEST));
    const colour = row.system.startsWith('relay') ? OURS : THEIRS;
    return [
      text(16, y + 13, row.system),
      `<rect x="${LEFT}" y="${y}" width="${length}" height="${ROW - 8}" fill="${colour}"/>`,
      text(LEFT + length + 6, y + 13, row[figure].toLocaleString('en')),
    ].join('');
  };
  return [`<g font-weight="bold">${text(16, top, title)}</g>`, ...rows.map(bar)];
}

const text = (x: number, y: number, content: string): string =>
  `<text x="${x}" y="${y}">${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
