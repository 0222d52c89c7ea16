import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { packageRoot } from '../../src/local/stack/package-root';
import { runProgram } from '../support/run-program';
import { readOptions } from './options';
import type { SlowOptions } from './options';
import { slowFlush } from './slow-flush';

/** Several times what the whole suite takes on a slow machine: a longer run hangs. */
const LONGEST_MS = 2 * 60 * 60_000;

/** `npm run test:slow`: Jest reports the progress and the red tests. */
async function main(interrupt: AbortSignal): Promise<number> {
  const { jest, times, flush, halfProcessor } = readOptions(process.argv.slice(2));
  const disk = flush === undefined ? undefined : slowFlush(flush);
  const red: number[] = [];
  try {
    for (let time = 1; time <= times && !interrupt.aborted; time += 1) {
      process.stderr.write(`Run ${time} of ${times}\n`);
      if (!(await passes(jest, { halfProcessor, env: { ...process.env, ...disk?.env } }, interrupt))) red.push(time);
    }
  } finally {
    disk?.remove();
  }
  process.stderr.write(red.length === 0 ? `Green ${times} times\n` : `Red: run ${red.join(', ')} of ${times}\n`);
  return red.length === 0 && !interrupt.aborted ? EXIT.asPromised : EXIT.notAsPromised;
}

type Slowness = { readonly halfProcessor: SlowOptions['halfProcessor']; readonly env: NodeJS.ProcessEnv };

async function passes(args: readonly string[], { halfProcessor, env }: Slowness, signal: AbortSignal) {
  const jest = [process.execPath, path.join(packageRoot(), 'node_modules/jest/bin/jest.js'), '--ci', ...args];
  const half = Math.max(1, Math.floor(os.cpus().length / 2));
  const [program = '', ...rest] = halfProcessor ? ['taskset', '-c', `0-${half - 1}`, ...jest] : jest;
  const child = spawn(program, rest, { cwd: packageRoot(), env, stdio: 'inherit', signal, timeout: LONGEST_MS });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

runProgram(main);
