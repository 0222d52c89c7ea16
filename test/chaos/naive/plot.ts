import type { Result } from './compare';

const COLORS = ['#c2410c', '#d97706', '#15803d'];
const [WIDTH, BAR, GAP, LEFT, TOP, PIXELS] = [720, 26, 8, 210, 64, 400];

/** The orders that ended half done, as bars grouped by the share of calls that fail. Readable on light and dark backgrounds. */
export function plot(results: readonly Result[]): string {
  const rates = [...new Set(results.map(({ rate }) => rate))];
  let y = TOP;
  const marks: string[] = [];
  for (const rate of rates) {
    marks.push(text(0, (y += 20), `${rate * 100}% of the calls of each step fail`, 'head'));
    y += 14;
    for (const [at, { system, halfDone, orders }] of results.filter((each) => each.rate === rate).entries()) {
      const share = halfDone / orders;
      const wide = Math.max(2, Math.round(share * PIXELS));
      marks.push(
        text(LEFT - 10, y + 18, system, 'name'),
        `<rect x="${LEFT}" y="${y}" width="${wide}" height="${BAR}" fill="${COLORS[at]}"/>`,
        text(LEFT + wide + 8, y + 18, `${(share * 100).toFixed(1)}%  (${halfDone} of ${orders})`),
      );
      y += BAR + GAP;
    }
    y += 16;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" role="img" aria-label="Orders that end half done">
<style>
text { font: 14px system-ui, sans-serif; fill: #1f2328 }
.head { font-weight: 600 } .title { font-size: 18px; font-weight: 600 } .name { text-anchor: end }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
</style>
${text(0, 22, 'Orders that end half done', 'title')}
${text(0, 46, 'Half of the faults fail before the step acts; half act, and the answer is lost.')}
${marks.join('\n')}
</svg>
`;
}

const text = (x: number, y: number, words: string, looks = ''): string =>
  `<text x="${x}" y="${y}"${looks && ` class="${looks}"`}>${words}</text>`;
