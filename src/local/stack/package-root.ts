import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where package.json is, from the sources and from the compiled files alike, whatever the working directory. */
export function packageRoot(from = __dirname): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  return packageRoot(path.dirname(from));
}
