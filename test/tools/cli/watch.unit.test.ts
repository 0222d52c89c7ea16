import { afterEach, expect, test } from '@jest/globals';
import { aCheckout, aClock, anApi, aScreen, completed, shell } from './setup';
import type { CheckoutState } from '../../../src/domain/checkout-states';

const open: Awaited<ReturnType<typeof anApi>>[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.stop())));

async function setup(...looks: unknown[]) {
  const left = [...looks];
  const api = await anApi(() => ({ status: 200, body: left.length > 1 ? left.shift() : left[0] }));
  open.push(api);
  return api;
}

const declined = aCheckout(['undone', 'skipped'], {
  state: 'refused',
  endedAt: '2026-01-02T03:04:07.500Z',
  refusal: { code: 'payment-declined', title: 'The payment was declined', detail: 'Do not honour.' },
});

test('prints one line for each change, without control characters, and ends with the refusal', async () => {
  const { url } = await setup(aCheckout(['done', 'running']), aCheckout(['undoing', 'skipped']), declined);

  const { code, stdout, stderr } = await shell(['watch', 'chk_1', '--url', url]);

  const lines = stdout.split('\n').map((line) => line.replace(/^ *\+\S+ s +/, '').replace(/ +/, ' '));
  expect({ code, stderr, lines }).toEqual({
    code: 1,
    stderr: '',
    lines: [
      'checkout running',
      'order-created done',
      'payment-authorized running',
      'payment-authorized skipped',
      'order-created undoing',
      'order-created undone',
      'checkout refused',
      '',
      'Refused after 2.5 s: The payment was declined: Do not honour (payment-declined)',
      '',
    ],
  });
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test.each<[CheckoutState, number]>([
  ['completed', 0],
  ['refused', 1],
  ['cancelled', 1],
  ['needs-attention', 3],
])('a checkout that ends %s exits with %i, and is the one object of --json', async (state, expected) => {
  const last = aCheckout(['done'], { state });
  const { url } = await setup(aCheckout(['done']), last);

  const { code, stdout } = await shell(['watch', 'chk_1', '--url', url, '--json']);

  expect(code).toBe(expected);
  expect(JSON.parse(stdout)).toEqual(last);
});

test('survives a restart of the API, and says once that it is away', async () => {
  const api = await setup(aCheckout(['running']), completed);
  let rests = 0;
  const clock = aClock(async () => {
    rests += 1;
    if (rests === 1) await api.stop();
    if (rests === 5) await api.start();
  });

  const { code, stdout, stderr } = await shell(['watch', 'chk_1', '--url', api.url], { clock });

  expect(code).toBe(0);
  expect(stderr).toMatch(/^The API does not answer: .*; retrying for up to 60 s\n$/);
  expect(stdout).toContain('Completed in 1.2 s: USD 30.00 for 2 × MUG-BLUE\n');
});

test('gives up immediately on a server that never answered, and on an unknown checkout', async () => {
  const gone = await setup(completed);
  await open.pop()?.stop();
  const empty = await anApi(() => ({ status: 404, body: { code: 'checkout-not-found', title: 'There is none' } }));
  open.push(empty);
  const clock = aClock();

  const outputs = [
    await shell(['watch', 'chk_1', '--url', gone.url], { clock }),
    await shell(['watch', 'chk_1', '--url', empty.url], { clock }),
  ];

  expect(outputs.map(({ code }) => code)).toEqual([1, 1]);
  expect(outputs[1]?.stderr).toBe('There is none (checkout-not-found, HTTP 404)\n');
  expect(clock.rests).toEqual([]);
});

test('redraws the rail in place on a tall terminal, and prints lines on a short one', async () => {
  const [high, low] = [aScreen({ columns: 80, rows: 24 }), aScreen({ columns: 80, rows: 8 })];

  for (const stdout of [high, low]) {
    const { url } = await setup(aCheckout(['running']), completed);
    await shell(['watch', 'chk_1', '--url', url], { stdout });
  }

  expect(high.written()).toContain('\u001b[10A');
  expect(high.written()).toMatch(/Completed in 1.2 s.*\n$/);
  expect(low.written()).not.toContain('\u001b');
});

test('a control sequence from the server does not reach the terminal', async () => {
  const { url } = await setup({ ...declined, refusal: { code: 'x', title: 'Bad\u001b[2J\r\nnews' } });

  const { stdout } = await shell(['watch', 'chk_1', '--url', url]);

  expect(stdout).toContain('Bad [2J news (x)\n');
});
