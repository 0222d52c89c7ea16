import { expect, test } from '@jest/globals';
import { followed, interruptAtOnce, progressOf } from './errand';
import type { Surroundings } from './errand';
import { aScreen, shell } from './setup';
import type { Reply } from './setup';

const FROM = '2026-01-02T00:00:00Z';
const progress = progressOf(() => ({ refused: 0, failure: null }));
const accepted = { status: 202, body: { id: 'key-0001', total: 9, goneBefore: null } };
const finished = progress(9, { state: 'finished' });
const asked = (body: object) => ({ sink: 'redis', from: FROM, reason: 'It was evicted', ...body });

const replaying = (replies: readonly Reply[], surroundings?: Surroundings) =>
  followed(
    ['outbox', 'replay', '--sink', 'redis', '--from', FROM, '--reason', 'It was evicted'],
    replies,
    surroundings,
  );

test('starts a replay with the operator key, follows it to its end and reports it', async () => {
  const replies = [accepted, progress(0, { state: 'waiting' }), progress(4), progress(4), finished];
  const { code, stdout, stderr, calls } = await replaying(replies, { args: ['--to', '2026-01-02T09:30:00.5+02:00'] });

  expect([code, stderr]).toEqual([0, '']);
  expect(calls[0]).toEqual({
    ...{ at: 'POST /v1/ops/outbox/replay', key: 'key-0001' },
    body: asked({ to: '2026-01-02T09:30:00.5+02:00' }),
  });
  expect(calls.slice(1).map(({ at }) => at)).toEqual(Array(4).fill('GET /v1/ops/outbox/replays/key-0001'));
  expect(stdout.split('\n')).toEqual([
    'Replay    9 events to redis',
    'Reason    It was evicted',
    'Key       key-0001',
    '  0 of 9 delivered',
    '  4 of 9 delivered',
    '  9 of 9 delivered',
    'Finished  9 of 9 events',
    '',
  ]);
});

test('can name one webhook', async () => {
  const { calls } = await replaying([accepted, finished], { args: ['--sink', 'webhooks', '--target', 'whe_1'] });

  expect(calls[0]?.body).toEqual(asked({ sink: 'webhooks', target: 'whe_1' }));
});

test('exits with 3 if the sink refuses events', async () => {
  const { code, stdout } = await replaying([accepted, progress(9, { state: 'finished', refused: 3 })]);

  expect(code).toBe(3);
  expect(stdout).toContain('  6 of 9 delivered, 3 refused\n');
  expect(stdout).toContain('Finished  9 of 9 events\nRefused   3 of them by the sink, for good\n');
});

test('says once why it makes no progress', async () => {
  const away = progress(2, { failure: 'nobody answers' });
  const { code, stderr } = await replaying([accepted, away, away, progress(5), finished]);

  expect([code, stderr]).toEqual([0, 'Retrying: nobody answers\n']);
});

test('says what the log no longer has', async () => {
  const goneBefore = '2026-01-02T00:00:00.000Z';
  const reply = { status: 202, body: { id: 'key-0001', total: 9, goneBefore } };
  const people = await replaying([reply, finished]);
  const programs = await replaying([reply, finished], { args: ['--json'] });

  expect(people.stdout).toContain('Gone      the log begins at 2026-01-02 00:00: older events cannot be replayed\n');
  expect(JSON.parse(programs.stdout)).toMatchObject({ goneBefore });
});

test('shows a progress bar on a terminal, and removes it at the end', async () => {
  const stdout = aScreen({ columns: 80, rows: 24 });
  const result = await replaying([accepted, progress(4), finished], { stdout });

  expect(result.stdout).toMatch(/█+░+ 4\/9.+█+ 9\/9/);
  expect(result.stdout).toContain('Finished  9 of 9 events\n');
});

test('on Ctrl-C, asks the API to stop it, says what is left, and exits with 1', async () => {
  const { onInterrupt, wasReleased } = interruptAtOnce();
  const { code, stdout, stderr, calls } = await replaying([accepted, progress(4, { state: 'stopped' })], {
    onInterrupt,
  });

  expect([code, wasReleased()]).toEqual([1, true]);
  expect(calls.at(-1)?.at).toBe('POST /v1/ops/outbox/replays/key-0001/stop');
  expect(stderr).toBe('Stopping the replay; Ctrl-C again leaves it running\n');
  expect(stdout).toContain('Stopped   4 of 9 events\n');
});

test('shows a plan as a sentence, and starts nothing', async () => {
  const plan = { events: 7, orders: 2, oldest: '2026-01-02T03:04:05.678Z', goneBefore: null };
  const { code, stdout, calls } = await replaying([{ status: 200, body: plan }], { args: ['--plan'] });

  expect(code).toBe(0);
  expect(calls).toEqual([{ at: 'POST /v1/ops/outbox/replay', key: undefined, body: asked({ plan: true }) }]);
  expect(stdout).toBe('7 events of 2 orders would be delivered again, from 2026-01-02 03:04 on.\n');
});

test('with --json, prints one object and no progress bar', async () => {
  const stdout = aScreen({ columns: 80, rows: 24 });
  const result = await replaying([accepted, progress(4), finished], { stdout, args: ['--json'] });

  expect(JSON.parse(result.stdout)).toEqual({ ...(finished.body as object), goneBefore: null });
});

test('waits for an API that restarts meanwhile', async () => {
  const { code, stderr } = await replaying([accepted, { status: 503, body: {} }, finished]);

  expect(code).toBe(0);
  expect(stderr).toContain('retrying for up to 60 s');
});

test('prints the key for repeating a request that nobody could take', async () => {
  const problem = { code: 'unavailable', title: 'The service cannot take requests right now' };
  const { code, stdout, stderr } = await replaying([{ status: 503, body: problem }], { args: ['--json'] });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'unavailable', key: 'key-0001' });
  expect(stderr).toContain('To repeat this call without replaying twice: --key key-0001\n');
});

test('prints no key for a refused plan', async () => {
  const problem = { code: 'invalid-request', title: 'No', detail: 'The settlement is never replayed.' };
  const { code, stdout, stderr } = await replaying([{ status: 400, body: problem }], { args: ['--plan', '--json'] });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).not.toHaveProperty('key');
  expect(stderr).toContain('The settlement is never replayed');
  expect(stderr).not.toContain('--key');
});

const REPLAY = ['outbox', 'replay', '--sink', 'redis'];
test.each([
  [['outbox', 'replay'], "required option '--sink <sink>' not specified"],
  [REPLAY, "required option '--from <time>' not specified"],
  [[...REPLAY, '--from', FROM], "required option '--reason <sentence>' not specified"],
  [[...REPLAY, '--from', 'yesterday'], 'Expected a time such as 2026-11-24T08:00:00Z.'],
  [[...REPLAY, '--from', '2026-02-30T00:00:00Z'], 'Expected a time such as 2026-11-24T08:00:00Z.'],
  [[...REPLAY, '--from', '2026-01-02T00:00'], 'Expected a time such as 2026-11-24T08:00:00Z.'],
  [[...REPLAY, '--from', FROM, '--to', '2026-01-03'], 'Expected a time such as 2026-11-24T08:00:00Z.'],
  [['outbox', 'replay', '--sink', 'a b'], 'Expected a name such as webhooks.'],
])('rejects %j as wrong usage', async (args, sentence) => {
  const { code, stdout, stderr } = await shell(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});
