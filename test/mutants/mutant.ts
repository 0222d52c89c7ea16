import { patchesIn } from '../support/patches';

/** A fix removed: a patch whose first lines say which bug is back, and which test file must turn red. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly bug: string;
  /** A path from the root: `test/outbox/redrive.int.test.ts`. */
  readonly caughtBy: string;
}

export const MUTANTS: readonly Mutant[] = patchesIn(__dirname).map(({ name, file, says }) => ({
  name,
  file,
  bug: says('Bug'),
  caughtBy: says('Caught by'),
}));
