import { afterEach, expect, test } from '@jest/globals';
import { aCheckout, anApi, aScreen, completed, shell } from './setup';

const open: Awaited<ReturnType<typeof anApi>>[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.stop())));

/** An API that shows these, one at each read, and then the last again. */
async function setup(...looks: unknown[]) {
  const api = await anApi(() => ({ status: 200, body: looks.length > 1 ? looks.shift() : looks[0] }));
  open.push(api);
  return api.url;
}

const URL = `https://bank.example/approve?token=${'x'.repeat(100)}`;
const APPROVAL = `The customer approves at ${URL} until 2026-01-02 03:19:05 UTC`;
const nextAction = { type: 'redirect', url: URL, expiresAt: '2026-01-02T03:19:05.000Z' };
const asking = (more: object = {}) =>
  ({ ...aCheckout(['done', 'running'], { state: 'awaiting-customer' }), nextAction, ...more }) as const;

test('status says where the customer approves, and until when', async () => {
  const url = await setup(asking());

  const plain = await shell(['status', 'chk_1', '--url', url]);
  const json = await shell(['status', 'chk_1', '--url', url, '--json']);

  expect([plain.code, json.code]).toEqual([0, 0]);
  expect(plain.stdout).toContain('chk_1  awaiting-customer');
  expect(plain.stdout).toMatch(/\nWaiting for the customer for .+ s\. /);
  expect(plain.stdout.endsWith(`. ${APPROVAL}\n`)).toBe(true);
  expect(JSON.parse(json.stdout)).toEqual(asking());
});

test.each([{ nextAction: null }, { nextAction: undefined }])(
  'without an address (%p) it says what it knows',
  async (more) => {
    const url = await setup(asking(more));

    const { stdout } = await shell(['status', 'chk_1', '--url', url]);

    expect(stdout).toMatch(/\nWaiting for the customer for [\d.]+ s\n$/);
  },
);

test('watch says it once, when the customer is asked, and goes on to the end', async () => {
  const url = await setup(aCheckout(['done', 'running']), asking(), asking({ total: 3001 }), completed);

  const { code, stdout } = await shell(['watch', 'chk_1', '--url', url]);

  const lines = stdout.split('\n').map((line) => line.replace(/^ *\+\S+ s +/, '').replace(/ +/, ' '));
  expect(code).toBe(0);
  expect(lines.slice(2, 5)).toEqual(['payment-authorized running', 'checkout awaiting-customer', APPROVAL]);
  expect(stdout.split(APPROVAL)).toHaveLength(2);
});

test('the live rail shows the whole address, however narrow the screen, and draws it once', async () => {
  const screen = aScreen({ columns: 60, rows: 24 });
  const url = await setup(asking(), asking({ total: 3001 }), completed);

  await shell(['watch', 'chk_1', '--url', url], { stdout: screen });

  expect(screen.written().split(APPROVAL)).toHaveLength(2);
});

test('an address cannot reach the terminal as anything but text', async () => {
  const url = await setup(asking({ nextAction: { ...nextAction, url: 'https://bank.example/\u001b[2J\u202eevil' } }));

  const { stdout } = await shell(['status', 'chk_1', '--url', url]);

  expect(stdout).toContain('https://bank.example/ [2J\\u{202e}evil until');
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});

test('an answer with half an action is not taken for a checkout', async () => {
  const url = await setup(asking({ nextAction: { url: 7, expiresAt: 'soon' } }));

  expect((await shell(['status', 'chk_1', '--url', url])).code).toBe(1);
});
