import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import type { CheckoutSnapshot } from '../../../src/tools/cli/checkout-snapshot';
import { aCheckout, aClock, anApi, completed, shell } from './setup';
import type { Reply } from './setup';

const open: Awaited<ReturnType<typeof anApi>>[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.stop())));

const LIVE = { links: { events: '/v1/checkouts/chk_1/events' } };
const running = aCheckout(['running'], LIVE);
const further = aCheckout(['done', 'running'], LIVE);
const stuck = aCheckout(['undo-failed'], { ...LIVE, state: 'needs-attention' });

type Act = 'tell' | 'break';

/**
 * An API that answers reads in turn. While a stream is open, it acts when the stream opens and after each read. It first refuses streams
 * with `refusals`.
 */
async function setup(looks: readonly CheckoutSnapshot[], acts: readonly Act[], refusals: readonly Reply[] = []) {
  const left = { looks: [...looks], acts: [...acts], refusals: [...refusals] };
  const lastEventIds: (string | undefined)[] = [];
  const streams: ServerResponse[] = [];
  let told = 0;
  const act = () => {
    const stream = streams.at(-1);
    if (!stream || stream.closed) return;
    const next = left.acts.shift();
    if (next === 'tell') stream.write(`id: ${(told += 1)}\nevent: order.created\ndata: {}\n\n`);
    if (next === 'break') stream.destroy();
  };

  const api = await anApi(({ url, headers }) => {
    if (url === '/v1/checkouts/chk_1') {
      return { status: 200, body: left.looks.shift(), onEnd: act };
    }
    lastEventIds.push(headers['last-event-id'] as string | undefined);
    const head = { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } };
    const goOn = (stream: ServerResponse) => {
      streams.push(stream);
      act();
    };
    return left.refusals.shift() ?? { ...head, body: 'event: checkout\ndata: {}\n\n', goOn };
  });
  open.push(api);
  const watch = (clock = aClock()) => shell(['watch', 'chk_1', '--url', api.url], { clock });
  return { api, lastEventIds, streams, watch };
}

test('reads the checkout when the stream reports an event, and does not poll', async () => {
  const clock = aClock();
  const { lastEventIds, watch } = await setup([running, further, completed], ['tell', 'tell']);

  const { code, stdout } = await watch(clock);

  expect({ code, rests: clock.rests, lastEventIds }).toEqual({ code: 0, rests: [], lastEventIds: [undefined] });
  expect(stdout).toMatch(/order-created +running\n.*order-created +done\n/);
});

test('closes the stream of a checkout that waits for an operator', async () => {
  const { streams, watch } = await setup([running, stuck], ['tell']);

  const { code } = await watch();

  expect(code).toBe(3);
  const [stream] = streams;
  if (stream && !stream.closed) await once(stream, 'close');
});

test('resumes after the last event when the API restarts', async () => {
  const { api, lastEventIds, watch } = await setup([running, further, further, completed], ['tell', 'break', 'tell']);
  let rests = 0;
  const clock = aClock(async () => {
    rests += 1;
    if (rests === 1) await api.stop();
    if (rests === 4) await api.start();
  });

  const { code, stderr } = await watch(clock);

  expect(code).toBe(0);
  expect(stderr).toMatch(/^The API does not answer: .*; retrying for up to 60 s\n$/);
  expect(lastEventIds).toEqual([undefined, '1']);
});

test('polls while the API has no room for another stream, and then follows the stream', async () => {
  const full: Reply = { status: 503, body: { code: 'unavailable', title: 'Full' } };
  const clock = aClock();
  const { lastEventIds, watch } = await setup([running, running, completed], ['tell'], [full]);

  const { code } = await watch(clock);

  expect({ code, rests: clock.rests, streams: lastEventIds.length }).toEqual({ code: 0, rests: [300], streams: 2 });
});

test.each<[string, Reply]>([
  ['has no streams', { status: 404, body: { code: 'not-found', title: 'There is no such thing' } }],
  ['answers with a page instead', { status: 200, body: '<html>' }],
])('polls an API that %s, and does not ask for a stream again', async (_, refusal) => {
  const clock = aClock();
  const { lastEventIds, watch } = await setup([running, running, further, completed], [], [refusal]);

  const { code, stderr } = await watch(clock);

  expect({ code, stderr, rests: clock.rests }).toEqual({ code: 0, stderr: '', rests: [300, 450, 300] });
  expect(lastEventIds).toHaveLength(1);
});
