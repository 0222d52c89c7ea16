import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../terminal/problem';

/** The address of the API of the stack that `npm start` runs on this data directory. */
export function stackAddress(dataDir: string): string {
  const file = join(dataDir, 'stack.json');
  try {
    const stack = JSON.parse(readFileSync(file, 'utf8')) as { api?: unknown } | null;
    if (typeof stack?.api === 'string') return stack.api;
  } catch (cause) {
    throw noStack(file, cause);
  }
  throw noStack(file);
}

const noStack = (file: string, cause?: unknown) =>
  new Problem(
    {
      code: 'stack-not-found',
      title: 'No running stack was found',
      detail: `${file} names none; start one with \`npm start\`, set DATA_DIR, or give --url`,
    },
    { cause },
  );
