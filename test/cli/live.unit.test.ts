import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import type { CheckoutSnapshot } from '../../src/cli/checkout-snapshot';
import { aCheckout, aClock, anApi, completed, shell } from './setup';
import type { Reply } from './setup';

const open: Awaited<ReturnType<typeof anApi>>[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.stop())));

const LIVE = { links: { events: '/v1/checkouts/chk_1/events' } };
const running = aCheckout(['running'], LIVE);
const further = aCheckout(['done', 'running'], LIVE);
const stuck = aCheckout(['undo-failed'], { ...LIVE, state: 'needs-attention' });

/** An API whose looks and streams are answered in turn, the last look for ever. Each look after the first is announced as an event. */
async function setup(looks: readonly CheckoutSnapshot[], streams: readonly ('event-stream' | Reply)[]) {
  const left = { looks: [...looks], streams: [...streams] };
  const seen = { looks: 0, lastEventIds: [] as (string | undefined)[] };
  let stream: ServerResponse | undefined;
  const announce = () => left.looks.length > 0 && stream?.write(`id: ${seen.looks}\nevent: step\ndata: {}\n\n`);

  const api = await anApi(({ url, headers }) => {
    if (url !== '/v1/checkouts/chk_1/events') {
      seen.looks += 1;
      setImmediate(announce);
      return { status: 200, body: left.looks.length > 1 ? left.looks.shift() : left.looks[0] };
    }
    seen.lastEventIds.push(headers['last-event-id'] as string | undefined);
    const next = left.streams.shift() ?? 'event-stream';
    if (next !== 'event-stream') return next;
    return {
      status: 200,
      body: 'event: checkout\ndata: {}\n\n',
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      goOn: (response) => {
        stream = response;
        announce();
      },
    };
  });
  open.push(api);
  return { api, seen, stream: () => stream, watch: (clock = aClock()) => shell(['watch', 'chk_1', '--url', api.url], { clock }) };
}

test('looks when the stream says that something happened, and does not poll', async () => {
  const clock = aClock();
  const { seen, watch } = await setup([running, further, completed], ['event-stream']);

  const { code, stdout } = await watch(clock);

  expect({ code, rests: clock.rests, ...seen }).toEqual({ code: 0, rests: [], looks: 3, lastEventIds: [undefined] });
  expect(stdout).toMatch(/order-created +running\n.*order-created +done\n/);
});

test('closes the stream of a checkout that waits for an operator', async () => {
  const { stream, watch } = await setup([running, stuck], ['event-stream']);

  const { code } = await watch();

  expect(code).toBe(3);
  const response = stream();
  if (response && !response.closed) await once(response, 'close');
});

test('resumes behind the last event after a restart of the API', async () => {
  const { api, seen, stream, watch } = await setup([running, further, further, further, completed], ['event-stream']);
  let rests = 0;
  const clock = aClock(async () => {
    rests += 1;
    if (rests === 1) await api.stop();
    if (rests === 4) await api.start();
  });
  const watched = watch(clock);
  await api.looked(3);
  stream()?.destroy();

  const { code, stderr } = await watched;

  expect(code).toBe(0);
  expect(stderr).toMatch(/^The API does not answer: .*; trying again for up to 60 s\n$/);
  expect(seen.lastEventIds).toEqual([undefined, '3']);
});
