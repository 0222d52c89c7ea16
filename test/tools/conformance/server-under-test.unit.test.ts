import { expect, test } from '@jest/globals';
import type { Answer } from '../../../src/tools/conformance/answer';
import { aCart, aKey } from '../../../src/tools/conformance/carts';
import { serverUnderTest } from '../../../src/tools/conformance/server-under-test';
import type { Exchange } from '../../../src/tools/conformance/wire';

const later = (status: number, code: string, headers: Record<string, string> = { 'retry-after': '0' }): Answer => ({
  status,
  headers,
  bytes: Buffer.alloc(0),
  members: { code },
});
const accepted: Answer = { status: 202, headers: {}, bytes: Buffer.from('{}'), members: {} };

/** A wire that gives these answers, and repeats the last. */
function setup(...answers: Answer[]) {
  const sent: Exchange[] = [];
  const wire = {
    deadline: AbortSignal.timeout(10_000),
    exchange: async (request: Exchange) => answers[Math.min(sent.push(request), answers.length) - 1] ?? accepted,
    hangUp: async () => undefined,
    close: () => undefined,
  };
  return { server: serverUnderTest(wire, { own: 'sk_own_key' }), sent };
}

test('on 429 or a key in use, sends the very same request again', async () => {
  const { server, sent } = setup(later(429, 'too-many-requests'), later(409, 'idempotency-key-in-use'), accepted);

  const answer = await server.place({ key: aKey(), body: aCart() });

  expect(answer).toBe(accepted);
  expect(sent).toHaveLength(3);
  expect(new Set(sent.map((request) => JSON.stringify(request))).size).toBe(1);
});

test('does not retry other 409s', async () => {
  const { server, sent } = setup(later(409, 'out-of-stock'));

  const { status } = await server.place({ key: aKey(), body: aCart() });

  expect({ status, sent: sent.length }).toEqual({ status: 409, sent: 1 });
});

test('gives up on a server that always says "later"', async () => {
  const { server, sent } = setup(later(429, 'too-many-requests'));

  const { status } = await server.place({ key: aKey(), body: aCart() });

  expect({ status, sent: sent.length }).toEqual({ status: 429, sent: 5 });
});

test.each([[{}], [{ 'retry-after': 'soon' }], [{ 'retry-after': '3600' }]])(
  'does not wait for %j, which is itself a violation',
  async (headers) => {
    const { server } = setup(later(429, 'too-many-requests', headers));

    const placing = server.place({ key: aKey(), body: aCart() });

    await expect(placing).rejects.toThrow(/^429 too-many-requests has Retry-After /);
  },
);
