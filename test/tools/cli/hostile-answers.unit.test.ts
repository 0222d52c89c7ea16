import { expect, test } from '@jest/globals';
import { blockReader } from '../../../src/tools/cli/event-blocks';
import { printable } from '../../../src/tools/terminal/printable';
import { aCheckout, anApi, shell } from './setup';

const UNSEEN: [string, string][] = [
  ['bidirectional', '\u202e'],
  ['an isolate', '\u2066'],
  ['zero-width', '\u200b'],
  ['zero-width joiner', '\u200d'],
  ['byte order mark', '\ufeff'],
  ['soft hyphen', '\u00ad'],
  ['line separator', '\u2028'],
  ['paragraph separator', '\u2029'],
  ['a tag', '\u{e0041}'],
  ['a variation selector', '\ufe0f'],
  ['half a character', '\ud800'],
  ['a filler', '\u3164'],
];

test.each(UNSEEN)('shows a %s character from a customer or a provider as an escape', async (_what, text) => {
  const refusal = { code: 'x', title: `Pay${text}ment`, detail: 'No.' };
  const api = await anApi(() => ({ status: 200, body: aCheckout([], { state: 'refused', refusal }) }));
  const { stdout } = await shell(['status', 'chk_1', '--url', api.url]);
  const json = await shell(['status', 'chk_1', '--url', api.url, '--json']);
  await api.stop();

  expect(stdout).not.toContain(text);
  expect(json.stdout).not.toContain(text);
  if (text !== '\ud800') {
    expect(stdout).toContain(`Pay\\u{${text.codePointAt(0)?.toString(16)}}ment`);
    expect(JSON.parse(json.stdout)).toMatchObject({ refusal });
  }
});

test('shows names unchanged', () => {
  for (const name of ['Zoë Åström', '王小明', 'عبد الله', 'नेहा', '😀 Ltd', 'a\u0301'])
    expect(printable(name)).toBe(name);
});

test('a raw escape in a usage error does not reach the terminal', async () => {
  const hostile = '\u001b[2J\u009b2J\u202e';
  for (const args of [[hostile], ['status', hostile], ['place', `--${hostile}`], ['place', '--url', hostile]]) {
    const { code, stderr, stdout } = await shell([...args, '--json']);
    expect(code).toBe(2);
    expect(`${stderr}${stdout}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  }
});

test('gives up on an endless answer, and does not keep it', async () => {
  let sentBytes = 0;
  const mebibyte = Buffer.alloc(1024 * 1024, 0x20);
  const api = await anApi(() => ({
    status: 200,
    body: '',
    goOn: (response) => {
      const more = () => {
        if (response.destroyed || sentBytes > 256 * mebibyte.length) return response.destroy();
        sentBytes += mebibyte.length;
        return response.write(mebibyte, more);
      };
      more();
    },
  }));
  const { code, stderr } = await shell(['status', 'chk_1', '--url', api.url]);
  await api.stop();

  expect(code).toBe(1);
  expect(stderr).toContain('The answer is too large');
  expect(sentBytes).toBeLessThan(64 * mebibyte.length);
});

test('gives up on an endless event', () => {
  let given = 0;
  const read = blockReader(() => (given += 1));
  for (let piece = 0; piece < 1_025; piece += 1) read('x'.repeat(1_024));

  expect(given).toBe(1);
});
