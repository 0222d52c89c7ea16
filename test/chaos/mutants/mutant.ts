import { patchesIn } from '../../support/patches';
import type { Patch } from '../../support/patches';

/** A planted bug: a patch whose first lines say what the bug is, which promise must notice it, and in how many orders: `40`, or `40 --payments async`. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly bug: string;
  /** Promises: one of them must notice it; no other counts. */
  readonly noticedBy: readonly string[];
  readonly orders: number;
  /** Further options of the run: `--payments async`. */
  readonly options: readonly string[];
}

export const MUTANTS: readonly Mutant[] = patchesIn(__dirname).map(mutantIn);

function mutantIn({ name, file, says }: Patch): Mutant {
  const [orders, ...options] = says('Orders').split(' ');
  return {
    name,
    file,
    bug: says('Bug'),
    noticedBy: says('Noticed by').split(', '),
    orders: Number(orders),
    options,
  };
}
