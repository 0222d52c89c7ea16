import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { CheckoutState } from '../../../src/domain/checkout-states';
import { aCheckout, anApi, shell } from './setup';

test.each<[CheckoutState, number]>([
  ['accepted', 0],
  ['running', 0],
  ['refused', 0],
  ['needs-attention', 3],
])('shows a checkout that is %s and exits with %i', async (state, expected) => {
  const snapshot = aCheckout(['done'], { state });
  const api = await anApi(({ url }) => ({ status: url === '/v1/checkouts/chk_1' ? 200 : 404, body: snapshot }));

  const plain = await shell(['status', 'chk_1', '--url', api.url]);
  const json = await shell(['status', 'chk_1', '--url', api.url, '--json']);
  await api.stop();

  expect([plain.code, json.code]).toEqual([expected, expected]);
  expect(plain.stdout).toMatch(new RegExp(`chk_1 +${state} .*\n.*USD 30.00 for 2 × MUG-BLUE\n\n.*order-created +done`));
  expect(plain.stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(json.stdout)).toEqual(snapshot);
});

test('finds the API of a running stack in the data directory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'cli-'));
  const api = await anApi(() => ({ status: 200, body: aCheckout() }));
  await writeFile(join(dataDir, 'stack.json'), JSON.stringify({ api: api.url }));

  const { code, stderr } = await shell(['status', 'chk_1'], { dataDir });
  await api.stop();
  await rm(dataDir, { recursive: true });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('without a running stack, says how to start one', async () => {
  const { code, stdout, stderr } = await shell(['status', 'chk_1', '--json'], { dataDir: 'nowhere' });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'stack-not-found' });
  expect(stderr).toContain('start one with `npm start`');
});

test('does not repeat a reason that is the same as its title', async () => {
  const refusal = { code: 'cancelled', title: 'The checkout was cancelled', detail: 'The checkout was cancelled.' };
  const api = await anApi(() => ({ status: 200, body: aCheckout(['undone'], { state: 'cancelled', refusal }) }));

  const { stdout } = await shell(['status', 'chk_1', '--url', api.url]);
  await api.stop();

  expect(stdout).toMatch(/\nCancelled after .+: The checkout was cancelled \(cancelled\)\n$/);
});
