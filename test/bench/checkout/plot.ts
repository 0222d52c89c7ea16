import { ENDURED, GROWN, plainName } from './circumstances';
import { groupBy } from './group-by';
import { SYSTEMS } from './system';
import { mediansOf } from './report';
import type { Report } from './report';

const WIDTH = 760;
const LEFT = 170;
const LONGEST = 460;
const ROW = 24;
const HEAD = 44;
const OURS = ['http', 'apart', 'direct', 'replay', 'accept'];
/** Groups with their own scale: accepting and replaying are so much faster that a common scale would show nothing else. */
const TITLES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^(${SYSTEMS.join('|')})$`), 'Checkouts'],
  [GROWN, 'Checkouts, by finished orders in Postgres'],
  [ENDURED, 'Checkouts, by checkouts before'],
  [/^(accept|start)$/, 'Accepted'],
  [/./, 'Repeated requests'],
];
const COLOURS = { ours: '#2f6f4f', theirs: '#9aa5b1' };

/** A group of horizontal bars for each kind of work and concurrency: what each system does per second. */
export function plotOf(report: Report): string {
  const groups = groupBy(
    mediansOf(report),
    ({ system, concurrency }) => `${titleOf(system)}, ${concurrency} concurrent`,
  );
  const shapes: string[] = [text(16, 24, `Per second: medians of ${report.rounds} rounds on ${report.machine}`)];
  let top = HEAD;
  for (const [title, rows] of groups) {
    const most = Math.max(...rows.map(({ perSecond }) => perSecond));
    shapes.push(`<g font-weight="bold">${text(16, top + 16, title)}</g>`);
    rows.forEach(({ system, perSecond }, at) => {
      shapes.push(
        bar({ system, perSecond, y: top + ROW * (at + 1), length: Math.round((perSecond / most) * LONGEST) }),
      );
    });
    top += ROW * (rows.length + 1) + ROW / 2;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...shapes,
    '</svg>\n',
  ].join('\n');
}

const titleOf = (system: string) => TITLES.find(([pattern]) => pattern.test(system))?.[1] ?? '';

function bar(row: { system: string; perSecond: number; y: number; length: number }): string {
  const { system, perSecond, y, length } = row;
  const colour = OURS.includes(plainName(system)) ? COLOURS.ours : COLOURS.theirs;
  return [
    text(28, y + 15, system),
    `<rect x="${LEFT}" y="${y + 3}" width="${Math.max(1, length)}" height="${ROW - 8}" fill="${colour}"/>`,
    text(LEFT + length + 6, y + 15, perSecond.toLocaleString('en')),
  ].join('');
}

const text = (x: number, y: number, content: string): string =>
  `<text x="${x}" y="${y}">${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
