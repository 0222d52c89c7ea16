import path from 'node:path';
import { readConfig } from '../../src/runtime/config';
import { packageRoot } from '../../src/local/stack/package-root';
import type { ProgramSearch } from '../../src/local/stack/program-search';

/** Programs that only tests need are cached with those of a stack. */
export const programSearch = (): ProgramSearch => ({
  cacheDir: path.resolve(packageRoot(), readConfig().CACHE_DIR),
  env: process.env,
  onProgress: (line) => console.log(line),
});
