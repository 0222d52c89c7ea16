import { patchesIn } from '../../support/patches';
import type { Patch } from '../../support/patches';

/** A bug on purpose: a patch whose first lines say which one it is, who has to notice it, and in how many orders. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly bug: string;
  /** Promises: any of them is enough, and no other one is. */
  readonly noticedBy: readonly string[];
  readonly orders: number;
}

export const MUTANTS: readonly Mutant[] = patchesIn(__dirname).map(mutantIn);

function mutantIn({ name, file, says }: Patch): Mutant {
  return {
    name,
    file,
    bug: says('Bug'),
    noticedBy: says('Noticed by').split(', '),
    orders: Number(says('Orders')),
  };
}
