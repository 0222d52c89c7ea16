import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';

/** A trial whose command keeps writing into its tree, in its own process, and can only be killed. */
const PROGRAM = `
  const { existsSync } = require('node:fs');
  const { runProgram } = require('./test/support/run-program.ts');
  const { copyOf, removeTree } = require('./test/support/tree-copy.ts');
  const { runInTree } = require('./test/support/tree-process.ts');
  const [original, deaf] = process.argv.slice(1);
  runProgram(async (interrupt) => {
    const tree = copyOf(original);
    const write = 'while :; do mkdir -p deep/dist; echo x > deep/dist/x; done';
    const script = deaf === 'deaf' ? "trap '' TERM; " + write : write;
    const look = setInterval(() => {
      if (!existsSync(tree + '/deep/dist/x')) return;
      clearInterval(look);
      console.log(tree);
    }, 10);
    interrupt.addEventListener('abort', () => console.log('interrupted'));
    try {
      await runInTree(tree, ['bash', '-c', '(' + script + ') & ' + script], interrupt);
    } finally {
      removeTree(tree);
    }
    return 0;
  });
`;

let original: string;
beforeEach(() => {
  original = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-original-'));
});
afterEach(() => rmSync(original, { recursive: true }));

async function run(deaf: 'deaf' | 'hears') {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', PROGRAM, original, deaf], {
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  return { child, exited, next, tree: await next() };
}

test('an interrupted trial leaves no tree, although its command was writing into it', async () => {
  const { child, exited, tree } = await run('hears');

  child.kill('SIGINT');

  await exited;
  expect(existsSync(tree)).toBe(false);
});

test('nor does a trial that is interrupted twice because its command does not end', async () => {
  const { child, exited, next, tree } = await run('deaf');

  child.kill('SIGINT');
  expect(await next()).toBe('interrupted');
  child.kill('SIGINT');

  expect(await exited).toEqual([1, null]);
  expect(existsSync(tree)).toBe(false);
});
