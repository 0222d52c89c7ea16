import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { programSearch } from '../support/program-search';
import { startTestStack } from '../support/test-stack';

const VERSION = '4.32.0';
const CONFIG = path.join(__dirname, 'schemathesis.toml');

/** Installs schemathesis into a directory for PYTHONPATH, which needs no virtual environment. */
async function install(): Promise<string> {
  const { cacheDir, onProgress } = programSearch();
  const home = path.join(cacheDir, 'programs', `schemathesis-${VERSION}`);
  if (existsSync(home)) return home;
  onProgress?.(`Installing schemathesis ${VERSION} from PyPI into ${home}`);
  await mkdir(path.dirname(home), { recursive: true });
  const draft = await mkdtemp(path.join(path.dirname(home), 'installing-'));
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--target', draft, `schemathesis==${VERSION}`];
    const env = { ...process.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' };
    await promisify(execFile)('python3', pip, { env });
    await rename(draft, home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return home;
}

/**
 * Runs every Schemathesis check on `/openapi.json` of a stack of its own: `npm run test:api-fuzz [-- --examples 500 --seed N
 * --only '^/v1/webhooks']`. Exits with 1 on a failure, which includes any 5xx, and prints the seed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      examples: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string', default: '.' },
    },
  });
  const home = await install();
  const stack = await startTestStack(undefined, { RATE_LIMIT: '100000000' });
  try {
    const args = ['-m', 'schemathesis.cli', '--config-file', CONFIG, 'run', `${stack.stack.api}/openapi.json`];
    const options = ['--checks', 'all', '--max-examples', values.examples, '--seed', values.seed, '--no-color'];
    const child = spawn('python3', [...args, ...options, '--include-path-regex', values.only], {
      stdio: 'inherit',
      // Bytecode next to the packages would change the cache.
      env: { ...process.env, PYTHONPATH: home, PYTHONDONTWRITEBYTECODE: '1' },
    });
    [process.exitCode] = (await once(child, 'exit')) as [number];
  } finally {
    await stack.stop();
  }
}

void main();
