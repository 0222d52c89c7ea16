import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/local/stack/package-root';

const run = promisify(execFile);
const MOST_OUTPUT = 10_000_000;
/** Far more than it takes: only a hang lasts longer. */
const LONGEST_MS = 8 * 60_000;

/** Each needs a part that only an install script, or a package for this platform, provides. */
const LOADS = `require('esbuild').transformSync('1'); require('@swc/core').transformSync('1'); require('@temporalio/core-bridge')`;

/** Runs `npm ci` with another npm in an empty directory. Throws if that npm cannot be fetched, or if what it installs does not work. */
export async function cleanInstall(npm: string, node: string, signal: AbortSignal): Promise<void> {
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}` };
  const directory = await mkdtemp(path.join(os.tmpdir(), 'durable-checkout-install-'));
  const options = { cwd: directory, env, signal, timeout: LONGEST_MS, maxBuffer: MOST_OUTPUT };
  try {
    for (const file of ['package.json', 'package-lock.json'])
      cpSync(path.join(packageRoot(), file), path.join(directory, file));
    await run('npx', ['--yes', npm, 'ci', '--no-audit', '--no-fund'], options);
    await run(node, ['--eval', LOADS], options);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
