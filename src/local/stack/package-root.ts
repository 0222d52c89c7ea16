import { existsSync } from 'node:fs';
import path from 'node:path';

/** The directory of package.json, found from source and compiled files alike, whatever the working directory. */
export function packageRoot(from = __dirname): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  return packageRoot(path.dirname(from));
}
