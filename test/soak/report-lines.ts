import type { Report } from './soak';

const WIDTH = 12;

/** A row for each figure that must not grow. */
export function reportLines({ capacity, rate, minutes, acknowledged, growth, failures }: Report): string {
  const row = (...cells: readonly string[]) => cells.map((cell) => cell.padStart(WIDTH)).join('');
  return [
    '',
    row('', 'MEDIAN', 'MAX', 'GROWTH', 'ALLOWED'),
    ...growth.map(({ name, unit, ...figures }) =>
      row(name, ...[figures.median, figures.max, figures.growth, figures.allowed].map((of) => figure(of, unit))),
    ),
    '',
    `${acknowledged} orders in ${minutes} minutes at ${rate.toFixed(2)} per second, half of the capacity of ${capacity.toFixed(2)}.`,
    ...failures.map((failure) => `NOT SHOWN ${failure}`),
    failures.length === 0 ? 'Nothing grew.' : 'Not as promised.',
    '',
  ].join('\n');
}

const figure = (value: number, unit: string): string => `${value.toFixed(1)} ${unit}`.trim();
