import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';
import { eventually } from '../support/eventually';
import { RunningStack } from '../support/running-stack';

let stack: RunningStack;
const commands: ChildProcess[] = [];
beforeAll(() => void (stack = new RunningStack()));
afterEach(() => commands.splice(0).forEach((command) => command.kill()));
afterAll(() => stack.db.close());

const CLI = path.join(packageRoot(), 'dist/src/tools/cli/main.js');

/** The command line, as a program that prints while its customer decides. */
function placing(...args: string[]) {
  const command = spawn(process.execPath, [CLI, 'place', '--watch', '--url', stack.file.api, ...args]);
  commands.push(command);
  const printed: Buffer[] = [];
  command.stdout.on('data', (piece: Buffer) => void printed.push(piece));
  const stdout = () => Buffer.concat(printed).toString();
  const address = () => eventually(() => /approves at (\S+) until \S+ \S+ UTC\n/.exec(stdout())?.[1]);
  return { stdout, address, ended: once(command, 'close') };
}

test.each([
  ['approve', 0, 'Completed in'],
  ['decline', 1, 'Refused after'],
])('prints where the customer may %s, waits for that, and exits with %i', async (decision, code, end) => {
  const order = placing('--token', 'tok_3ds', '--api-key', 'sk_sandbox_acme');

  const answer = await fetch(`${await order.address()}/${decision}`, { method: 'POST' });
  const [exit] = (await order.ended) as [number];

  expect(answer.ok).toBe(true);
  expect(exit).toBe(code);
  expect(order.stdout()).toMatch(/checkout +awaiting-customer\n/);
  expect(order.stdout()).toContain(`\n${end}`);
});
