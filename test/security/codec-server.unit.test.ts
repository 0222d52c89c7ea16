import { afterAll, expect, test } from '@jest/globals';
import { buildCodecServer } from '../../src/payloads/codec-server/build-codec-server';

const TOKEN = 'a-token-of-at-least-thirty-two-letters';
const MIB = 1_048_576;

const app = buildCodecServer({
  decode: (payloads) => Promise.resolve(payloads),
  isUnreadable: () => false,
  token: TOKEN,
  origins: [],
});
afterAll(() => app.close());

const post = (payload: string) =>
  app.inject({ method: 'POST', url: `/${TOKEN}/decode`, headers: { 'content-type': 'application/json' }, payload });

const listOf = (each: string, bytes: number) => {
  const count = Math.floor((bytes - 20) / (each.length + 1));
  return `{"payloads":[${Array<string>(count).fill(each).join(',')}]}`;
};
const plain = `{"payloads":[{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"${'A'.repeat(3.9 * MIB)}"}]}`;
const metadata = (count: number) => Array.from({ length: count }, (_, at) => `"m${at}":""`).join(',');

const ATTACKS = [
  ['empty payloads', listOf('{}', 4 * MIB)],
  ['lists', listOf('[]', 4 * MIB)],
  ['numbers', listOf('1', 4 * MIB)],
  ['lists in lists', `{"payloads":${'['.repeat(2 * MIB)}${']'.repeat(2 * MIB - 20)}}`],
  ['metadata', `{"payloads":[{"metadata":{${metadata(300_000)}}}]}`],
] as const;

test.each(ATTACKS)('refuses four megabytes of %s about as fast as one payload of that size', async (_what, body) => {
  const took = async (work: () => Promise<unknown>) => {
    const since = performance.now();
    for (let times = 0; times < 3; times += 1) await work();
    return performance.now() - since;
  };
  await post(plain);

  const answer = await post(body);
  const ratio = (await took(() => post(body))) / (await took(() => post(plain)));

  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([413, 'too-many-parts']);
  expect(ratio).toBeLessThan(2);
});

test('answers a thousand payloads with no more bytes than were sent, and refuses one more', async () => {
  const payload = `{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"e30="}`;
  const body = `{"payloads":[${Array<string>(1_000).fill(payload).join(',')}]}`;

  const answer = await post(body);
  const more = await post(body.replace('[', `[${payload},`));

  expect(answer.statusCode).toBe(200);
  expect(answer.body.length).toBeLessThanOrEqual(body.length);
  expect(more.statusCode).toBe(400);
});

test('refuses a payload with more metadata than any encoding writes', async () => {
  expect((await post(`{"payloads":[{"metadata":{${metadata(17)}}}]}`)).statusCode).toBe(400);
});
