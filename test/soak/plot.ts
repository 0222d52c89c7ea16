import { SERIES } from './growth';
import type { Report } from './soak';

const [WIDTH, LEFT, RIGHT, PANEL, GAP, TOP] = [760, 64, 20, 120, 46, 60];
const COLORS = ['#2563eb', '#c2410c', '#15803d'];
/** The lines of each panel, which share a scale. */
const PANELS: readonly { readonly title: string; readonly of: readonly string[] }[] = [
  { title: 'Resident memory, MB', of: ['api', 'worker', 'relay'] },
  { title: 'Connections to Postgres', of: ['connections'] },
  { title: 'Age of the oldest undelivered event, s', of: ['outbox age'] },
  { title: 'Checkouts under way', of: ['under way'] },
];

/** Four panels over time, each with a scale from zero, so that flat looks flat. Readable on light and dark backgrounds. */
export function plotOf({ samples, rate, minutes }: Report): string {
  const height = TOP + PANELS.length * (PANEL + GAP);
  const panels = PANELS.map(({ title, of }, at) => panel({ title, of, top: TOP + at * (PANEL + GAP) + 18 }, samples));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="The soak">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-size: 18px; font-weight: 600 } .head { font-weight: 600 }
.end { text-anchor: end } path { fill: none; stroke-width: 1.5 } line { stroke: #8b949e; stroke-width: 0.5 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
</style>
${text(0, 22, `${Math.round(minutes)} minutes at ${rate.toFixed(1)} checkouts a second`, 'title')}
${text(0, 44, 'Half of the capacity of this machine. Growth is judged in the second half.')}
${panels.join('\n')}
</svg>
`;
}

function panel(
  { title, of, top }: { title: string; of: readonly string[]; top: number },
  samples: Report['samples'],
): string {
  const last = samples.at(-1)?.minutes ?? 1;
  const lines = SERIES.filter(({ name }) => of.includes(name));
  const most = Math.max(1, ...samples.flatMap((sample) => lines.map((line) => line.of(sample)))) * 1.1;
  const x = (minute: number) => LEFT + (minute / last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => top + PANEL - (value / most) * PANEL;
  const drawn = lines.map((line, at) => {
    const points = samples.map((sample) => `${x(sample.minutes).toFixed(1)},${y(line.of(sample)).toFixed(1)}`);
    const named = lines.length > 1 ? text(LEFT + 200 + at * 90, top - 6, `— ${line.name}`, '', COLORS[at]) : '';
    return `<path d="M${points.join('L')}" stroke="${COLORS[at]}"/>${named}`;
  });
  return [
    text(LEFT, top - 6, title, 'head'),
    ...[0, most / 2, most].map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>${text(LEFT - 6, y(value) + 4, shortly(value), 'end')}`,
    ),
    ...drawn,
    text(LEFT, top + PANEL + 16, '0 min'),
    text(WIDTH - RIGHT, top + PANEL + 16, `${last.toFixed(0)} min`, 'end'),
  ].join('\n');
}

const shortly = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

const text = (x: number, y: number, words: string, looks = '', color = ''): string =>
  `<text x="${x}" y="${y}"${looks && ` class="${looks}"`}${color && ` style="fill:${color}"`}>${words}</text>`;
