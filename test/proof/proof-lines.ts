import type { Proof } from './prove';

const NAME_WIDTH = 18;
const FIGURE_WIDTH = 12;

/** The result as text: a row for each sink, the faults, the ends. */
export function proofLines(proof: Proof): string {
  const { promises, faults, handovers, ends, acknowledged, orders, seed, seconds, failures } = proof;
  const { P7: events, P5: money } = promises;
  const figures = Object.entries(events?.details ?? {});
  const [, columns = {}] = figures[0] ?? [];
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return [
    '',
    row('', Object.keys(columns)),
    ...figures.map(([sink, counts]) => row(sink, Object.values(counts))),
    '',
    `Faults   ${counted(faults).join(', ')}; lanes changed hands ${handovers} times`,
    `Orders   ${acknowledged} of ${orders} acknowledged: ${counted(ends).join(', ')}`,
    ...Object.entries(money?.details ?? {}).map(
      ([currency, counts]) => `${currency}      ${counted(counts).join(', ')}`,
    ),
    ...[...(money?.examples ?? []), ...(events?.examples ?? [])].map(
      ({ kind, checkoutId, sentence }) => `${kind}  ${checkoutId ?? ''}  ${sentence}`,
    ),
    ...failures.map((failure) => `NOT SHOWN: ${failure}`),
    `${failures.length === 0 ? 'As promised' : 'Not as promised'}, in ${seconds} s with seed ${seed}.`,
    '',
  ].join('\n');
}

const row = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => String(cell).padStart(FIGURE_WIDTH)).join('')}`;
