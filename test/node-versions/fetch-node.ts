import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The npm package `node` contains the program itself. */
const programIn = (home: string): string => path.join(home, 'node_modules/node/bin/node');

/** The newest Node of a major version in the registry. Throws if there is none, or if the registry cannot be reached. */
export async function fetchNode(major: number, cacheDir: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await run('npm', ['view', `node@${major}`, 'version', '--json'], { signal });
  const known = [JSON.parse(stdout) as string | string[]].flat();
  const version = known.toSorted(byNumbers).at(-1);
  if (version === undefined) throw new Error(`npm has no Node ${major}`);

  const home = path.join(cacheDir, 'node', version);
  if (!existsSync(programIn(home))) await install(version, home, signal);
  return programIn(home);
}

/** All or nothing: it is moved to its place only when it is complete. */
async function install(version: string, home: string, signal: AbortSignal): Promise<void> {
  await mkdir(path.dirname(home), { recursive: true });
  const draft = await mkdtemp(path.join(path.dirname(home), 'installing-'));
  try {
    // The package's install script fetches the program.
    const quiet = ['--no-audit', '--no-fund', '--no-save', '--loglevel', 'error'];
    await run('npm', ['install', '--prefix', draft, '--ignore-scripts=false', ...quiet, `node@${version}`], { signal });
    if (!existsSync(programIn(draft))) throw new Error(`npm installed node@${version} without its program`);
    await rm(home, { recursive: true, force: true });
    await rename(draft, home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const byNumbers = (one: string, other: string): number =>
  one.localeCompare(other, 'en', { numeric: true, sensitivity: 'base' });
