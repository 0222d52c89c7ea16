import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A bug on purpose: a patch whose first lines say which one it is, who has to notice it, and in how many orders. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly bug: string;
  /** Promises: any of them is enough, and no other one is. */
  readonly noticedBy: readonly string[];
  readonly orders: number;
}

const SUFFIX = '.patch';

export const MUTANTS: readonly Mutant[] = readdirSync(__dirname)
  .filter((file) => file.endsWith(SUFFIX))
  .sort()
  .map((file) => mutantIn(path.join(__dirname, file)));

function mutantIn(file: string): Mutant {
  const [head = ''] = readFileSync(file, 'utf8').split('\n--- ', 1);
  const said = (what: string): string => {
    const line = head.split('\n').find((each) => each.startsWith(`${what}: `));
    if (line === undefined) throw new Error(`${file} does not begin with "${what}: …"`);
    return line.slice(what.length + 2);
  };
  return {
    name: path.basename(file, SUFFIX),
    file,
    bug: said('Bug'),
    noticedBy: said('Noticed by').split(', '),
    orders: Number(said('Orders')),
  };
}
