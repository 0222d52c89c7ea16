import { rowsOverHttp } from '../../../../src/tools/provider-kit/rows';
import { failedIn, kit, TOKENS } from '../kit';
import { faultyProvider, SECRET } from './faulty-provider';
import { PLANTED } from './planted';
import type { Planted } from './planted';

const FAULTS = Object.keys(PLANTED) as Planted[];
const TRIES = rowsOverHttp('payments').map(({ row }) => row);

/** What the kit says is wrong with a provider that has this fault, by try. */
export async function failuresWith(fault?: Planted): Promise<Readonly<Record<string, string>>> {
  const provider = await faultyProvider(fault);
  try {
    const { stdout } = await kit(
      ...['--url', provider.url, '--role', 'payments', '--secret', SECRET],
      ...TOKENS,
      '--json',
    );
    return failedIn(stdout);
  } finally {
    provider.close();
  }
}

/** Most of the time a kit waits, and so several run side by side; more would spread what has to be at once. */
const SIDE_BY_SIDE = 4;

export type Matrix = readonly (readonly [Planted, readonly string[]])[];

/** Each fault with the tries that fail on it. */
export async function everyFault(): Promise<Matrix> {
  const found = new Map<Planted, readonly string[]>();
  const left = [...FAULTS];
  const work = async () => {
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) {
      found.set(fault, Object.keys(await failuresWith(fault)));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return FAULTS.map((fault) => [fault, found.get(fault) ?? []]);
}

/** The matrix for people: the tries by number, then a line for each fault. */
export function drawn(matrix: Matrix): string {
  const widest = Math.max(...FAULTS.map((fault) => fault.length));
  const cells = (mark: (name: string, at: number) => string) =>
    TRIES.map((name, at) => mark(name, at).padStart(2)).join(' ');
  const listed = TRIES.map((name, at) => `${String(at + 1).padStart(2)} ${name}`);
  return [
    ...listed,
    '',
    `${' '.repeat(widest)}  ${cells((_, at) => String(at + 1))}`,
    ...matrix.map(
      ([fault, failed]) => `${fault.padEnd(widest)}  ${cells((name) => (failed.includes(name) ? '✗' : '·'))}`,
    ),
  ].join('\n');
}
