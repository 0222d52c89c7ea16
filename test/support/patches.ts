import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A diff whose first lines, up to an empty one, say what it is for: `Bug: …`. */
export interface Patch {
  readonly name: string;
  readonly file: string;
  /** Throws if no line begins with `<what>: `. */
  readonly says: (what: string) => string;
}

const SUFFIX = '.patch';

export const patchesIn = (folder: string): Patch[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => patchIn(path.join(folder, name)));

function patchIn(file: string): Patch {
  const [head = ''] = readFileSync(file, 'utf8').split('\n\n', 1);
  return {
    name: path.basename(file, SUFFIX),
    file,
    says: (what) => {
      const line = head.split('\n').find((each) => each.startsWith(`${what}: `));
      if (line === undefined) throw new Error(`${file} does not begin with "${what}: …"`);
      return line.slice(what.length + 2).trim();
    },
  };
}
