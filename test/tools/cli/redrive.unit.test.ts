import { expect, test } from '@jest/globals';
import { followed, interruptAtOnce, progressOf } from './errand';
import type { Surroundings } from './errand';
import { aScreen, shell } from './setup';
import type { Reply } from './setup';

const progress = progressOf((done) => ({ remaining: 9 - done, failedAgain: 0 }));
const accepted = { status: 202, body: { id: 'key-0001', total: 9, more: false } };
const finished = progress(9, { state: 'finished' });

const redriving = (replies: readonly Reply[], surroundings?: Surroundings) =>
  followed(['redrive', '--reason', 'It was too small'], replies, surroundings);

test('starts a redrive with the operator key, follows it to its end and reports it', async () => {
  const args = ['--sink', 'redis', '--checkout', 'chk_1'];
  const { code, stdout, calls } = await redriving([accepted, progress(0), progress(4), progress(4), finished], {
    args,
  });

  expect(code).toBe(0);
  expect(calls[0]).toEqual({
    at: 'POST /v1/ops/outbox/redrive',
    key: 'key-0001',
    body: { sink: 'redis', checkoutId: 'chk_1', reason: 'It was too small' },
  });
  expect(calls.slice(1).map(({ at }) => at)).toEqual(Array(4).fill('GET /v1/ops/outbox/redrives/key-0001'));
  expect(stdout.split('\n')).toEqual([
    'Redrive   9 events',
    'Reason    It was too small',
    'Key       key-0001',
    '  0 of 9 delivered',
    '  4 of 9 delivered',
    '  9 of 9 delivered',
    'Finished  9 of 9 delivered',
    '',
  ]);
});

test('exits with 3 if events failed again', async () => {
  const { code, stdout, url } = await redriving([accepted, progress(6, { state: 'finished', failedAgain: 3 })]);

  expect(code).toBe(3);
  expect(stdout).toContain('  6 of 9 delivered, 3 failed again\n');
  expect(stdout).toContain(`Failed    3 again: npx durable-checkout outbox --url ${url}\n`);
});

test('says so if there is more than one redrive takes', async () => {
  const { code, stdout } = await redriving([{ status: 202, body: { id: 'key-0001', total: 9, more: true } }, finished]);

  expect(code).toBe(3);
  expect(stdout).toContain('run it again');
});

test('shows a progress bar on a terminal, and removes it at the end', async () => {
  const stdout = aScreen({ columns: 80, rows: 24 });
  const result = await redriving([accepted, progress(4), finished], { stdout });

  expect(result.stdout).toMatch(/█+░+ 4\/9.+█+ 9\/9/);
  expect(result.stdout).not.toContain('4 of 9 delivered');
  expect(result.stdout).toContain('Finished  9 of 9 delivered\n');
});

test('on Ctrl-C, asks the API to stop it, and says what is left', async () => {
  const { onInterrupt, wasReleased } = interruptAtOnce();
  const stopped = progress(4, { state: 'stopped' });
  const { code, stdout, stderr, calls } = await redriving([accepted, stopped], { onInterrupt });

  expect(code).toBe(1);
  expect(wasReleased()).toBe(true);
  expect(calls.at(-1)?.at).toBe('POST /v1/ops/outbox/redrives/key-0001/stop');
  expect(stderr).toBe('Stopping the redrive; Ctrl-C again leaves it running\n');
  expect(stdout).toContain('Stopped   4 of 9 delivered\nDead      5 were not tried, and are dead again\n');
});

test('shows a plan as a table, and starts nothing', async () => {
  const share = { orders: 2, events: 7, oldest: '2026-01-02T03:04:05.678Z' };
  const plan = { ...share, sinks: [{ sink: 'redis', ...share }] };
  const { code, stdout, calls } = await redriving([{ status: 200, body: plan }], { args: ['--plan'] });

  expect(code).toBe(0);
  expect(calls).toEqual([
    { at: 'POST /v1/ops/outbox/redrive', key: undefined, body: { reason: 'It was too small', plan: true } },
  ]);
  expect(stdout).toBe('SINK   ORDERS  EVENTS  OLDEST\nredis  2       7       2026-01-02 03:04\n');
});

test('with --json, prints one object and no progress bar', async () => {
  const stdout = aScreen({ columns: 80, rows: 24 });
  const result = await redriving([accepted, progress(4), finished], { stdout, args: ['--json'] });

  expect(JSON.parse(result.stdout)).toEqual({ ...(finished.body as object), more: false });
});

test('waits for an API that restarts meanwhile', async () => {
  const { code, stderr } = await redriving([accepted, { status: 503, body: {} }, finished]);

  expect(code).toBe(0);
  expect(stderr).toContain('retrying for up to 60 s');
});

test('prints the key for repeating a request that nobody could take', async () => {
  const problem = { code: 'unavailable', title: 'The service cannot take requests right now' };
  const { code, stdout, stderr } = await redriving([{ status: 503, body: problem }], { args: ['--json'] });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'unavailable', key: 'key-0001' });
  expect(stderr).toContain('To repeat this call without redriving twice: --key key-0001\n');
});

test.each([
  [['redrive'], "required option '--reason <sentence>' not specified"],
  [['redrive', '--reason', ' '], 'It must not be blank.'],
  [['redrive', '--reason', 'x', '--sink', 'a b'], 'Expected a name such as webhooks.'],
  [['dead-letters', '--sink', ''], 'Expected a name such as webhooks.'],
])('rejects %j as wrong usage', async (args, sentence) => {
  const { code, stdout, stderr } = await shell(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});
