import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pythonPackages } from '../support/python-packages';
import { startTestStack } from '../support/test-stack';

const SCHEMATHESIS = 'schemathesis==4.32.0';
const CONFIG = path.join(__dirname, 'schemathesis.toml');

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
  const home = pythonPackages(SCHEMATHESIS);
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
