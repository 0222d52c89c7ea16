import { expect, test } from '@jest/globals';
import { kit, triesIn } from './kit';
import { faultyProvider, SECRET } from './faults/faulty-provider';

const HERE = ['--url', 'http://127.0.0.1:8080'];

test.each([
  [[]],
  [HERE],
  [['--role', 'payments']],
  [[...HERE, '--role', 'pricing']],
  [[...HERE, '--role', 'mail', '--providers', 'providers.json']],
  [[...HERE, '--role', 'mail', '--secret', 'hunter2']],
  [[...HERE, '--role', 'payments', '--currency', 'dollars']],
  [['--url', 'ftp://127.0.0.1', '--role', 'mail']],
  [[...HERE, '--role', 'mail', 'extra']],
])('rejects %j as wrong usage: exit 2, a message on standard error, nothing on standard output', async (args) => {
  const { code, stdout, stderr } = await kit(...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
});

test('--help lists the tries of each role', async () => {
  const { code, stdout } = await kit('--help');

  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}payments +first call, same key twice, .*refund/m);
});

test('prints a table for people: a line for each try, what is wrong below it, and the totals', async () => {
  const provider = await faultyProvider('undoes only once');

  const { code, stdout, stderr } = await kit('--url', provider.url, '--role', 'payments', '--secret', SECRET);
  provider.close();

  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain(`Provider kit: payments of ${provider.url}\n\npass `);
  expect(stdout).toMatch(/^FAIL +\d+ ms {2}undo twice\n +of what was done: .* with status 409$/m);
  expect(stdout).toMatch(/^not observable .*declined payment\n.*give --declined-token/m);
  expect(stdout).toMatch(/^14 passed, 3 failed, 4 not observable, in \d+\.\d s\.$/m);
});

test('a provider that is not there fails every try, and each says so', async () => {
  const provider = await faultyProvider();
  provider.close();

  const { code, stdout } = await kit('--url', provider.url, '--role', 'payments', '--secret', SECRET, '--json');

  const wrong = triesIn(stdout).filter(({ result }) => result !== 'not-observable');
  expect(code).toBe(1);
  expect(new Set(wrong.map(({ result }) => result))).toEqual(new Set(['fail']));
  expect(wrong[0]?.detail).toMatch(/(no complete answer|cannot be reached)/);
});
