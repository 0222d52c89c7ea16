import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';

/** Never finishes its report, like a program that waits for a server that never stops. */
const PROGRAM = `
  const { runProgram } = require('./test/support/run-program.ts');
  runProgram((interrupt) => {
    interrupt.addEventListener('abort', () => console.log('interrupted'));
    console.log('running');
    return new Promise(() => setInterval(() => undefined, 1_000));
  });
`;

const children: ReturnType<typeof start>[] = [];
const start = () =>
  spawn(process.execPath, ['--require', 'tsx/cjs', '-e', PROGRAM], {
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

test('the first Ctrl-C lets it report, and the second one ends it immediately', async () => {
  const child = start();
  children.push(child);
  const exited = once(child, 'exit');
  const lines = child.stdout[Symbol.asyncIterator]();
  expect(String((await lines.next()).value)).toBe('running\n');

  child.kill('SIGINT');
  expect(String((await lines.next()).value)).toBe('interrupted\n');
  expect(child.exitCode).toBeNull();

  child.kill('SIGINT');
  expect(await exited).toEqual([1, null]);
});
