import { expect, test } from '@jest/globals';
import { aScreen, anApi, shell } from './setup';
import type { Captured, Reply } from './setup';

interface Call {
  readonly at: string;
  readonly key: unknown;
  readonly body: unknown;
}

const done = { status: 200, body: { done: true } };
const page = (ids: readonly string[], next: string | null = null): Reply => ({
  status: 200,
  body: { stranded: ids.map((checkoutId) => ({ checkoutId, tenant: 'acme', found: 'gone' })), next },
});
const problem = (code: string, status = 409): Reply => ({ status, body: { code, title: `It is ${code}`, status } });

/** The API answers one reply after the other. */
async function resuming(
  replies: readonly Reply[],
  { id, args = [], stdout }: { id?: string; args?: readonly string[]; stdout?: Captured } = {},
) {
  const calls: Call[] = [];
  const api = await anApi(({ method, url, headers }, body) => {
    calls.push({ at: `${method} ${url}`, key: headers['idempotency-key'], body: body && JSON.parse(body) });
    return replies[calls.length - 1] ?? problem('not-expected', 500);
  });
  const command = ['resume', ...(id ? [id] : []), '--reason', 'It was emptied', '--key', 'key-0001', '--url', api.url];
  const result = await shell([...command, ...args], stdout ? { stdout } : {});
  await api.stop();
  return { ...result, calls, url: api.url };
}

test('resumes one order with the operator key, and says how to look at it', async () => {
  const { code, stdout, calls, url } = await resuming([done], { id: 'chk_1' });

  expect(code).toBe(0);
  expect(calls).toEqual([
    { at: 'POST /v1/ops/checkouts/chk_1/resume', key: 'key-0001', body: { reason: 'It was emptied' } },
  ]);
  expect(stdout).toBe(
    'Resumed   chk_1\nReason    It was emptied\nKey       key-0001\n' +
      `Check     npx durable-checkout status chk_1 --url ${url}\n`,
  );
});

test('does not count an order that runs as success: there is nothing to repeat then', async () => {
  const { code, stdout, stderr } = await resuming([problem('nothing-to-resume')], { id: 'chk_1', args: ['--json'] });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'nothing-to-resume', id: 'chk_1', key: 'key-0001' });
  expect(stderr).not.toContain('--key');
});

test('without an id, resumes all stranded orders on every page, each once per key', async () => {
  const replies = [page(['chk_1', 'chk_2'], 'chk_2'), page([], 'chk_9'), page(['chk_b']), done, done, done];
  const { code, stdout, calls } = await resuming(replies);

  expect(code).toBe(0);
  expect(calls.map(({ at }) => at)).toEqual([
    'GET /v1/ops/stranded',
    'GET /v1/ops/stranded?cursor=chk_2',
    'GET /v1/ops/stranded?cursor=chk_9',
    ...['chk_1', 'chk_2', 'chk_b'].map((id) => `POST /v1/ops/checkouts/${id}/resume`),
  ]);
  expect(calls.slice(3).map(({ key }) => key)).toEqual(Array(3).fill('key-0001'));
  expect(stdout.split('\n')).toEqual([
    ...['Resume    3 orders', 'Reason    It was emptied', 'Key       key-0001'],
    ...['  1 of 3 resumed', '  2 of 3 resumed', '  3 of 3 resumed', 'Finished  3 of 3 resumed', ''],
  ]);
});

test('says so if nothing is stranded', async () => {
  const { code, stdout } = await resuming([page([])]);

  expect([code, stdout]).toEqual([0, 'Nothing is stranded.\n']);
});

test('does not count an order that somebody else has resumed as a failure; reports failures, and goes on', async () => {
  const replies = [page(['chk_1', 'chk_2', 'chk_3']), problem('nothing-to-resume'), problem('forbidden', 403), done];
  const { code, stdout, stderr } = await resuming(replies, { args: ['--json'] });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ found: 3, resumed: 1, seenTo: 1, failed: ['chk_2'], key: 'key-0001' });
  expect(stderr).toContain('chk_2: It is forbidden (forbidden, HTTP 403)\n');
});

test('waits for an API that is away for a moment', async () => {
  const { code, stdout, stderr } = await resuming([page(['chk_1']), problem('unavailable', 503), done]);

  expect(code).toBe(0);
  expect(stderr).toContain('retrying');
  expect(stdout).toContain('Finished  1 of 1 resumed\n');
});

test('shows a progress bar on a terminal, and removes it at the end', async () => {
  const result = await resuming([page(['chk_1', 'chk_2']), done, done], { stdout: aScreen({ columns: 80, rows: 24 }) });

  expect(result.stdout).toMatch(/█+░+ 1\/2.+█+ 2\/2/);
  expect(result.stdout).not.toContain('1 of 2 resumed');
  expect(result.stdout).toContain('Finished  2 of 2 resumed\n');
});

test.each([
  [['resume'], "required option '--reason <sentence>' not specified"],
  [['resume', '--reason', ' '], 'It must not be blank.'],
  [['resume', '../ops', '--reason', 'x'], 'Expected an id such as chk_0123abcd.'],
])('rejects %j as wrong usage', async (args, sentence) => {
  const { code, stdout, stderr } = await shell(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});

test('after a restore, calls no API, and rejects an id or an idempotency key', async () => {
  const asked: unknown[] = [];
  const afterRestore = async (options: object) => {
    asked.push(options);
    return 3 as const;
  };
  const restored = (...more: string[]) =>
    shell(['resume', ...more, '--after-restore', '--reason', 'Restored to noon'], { afterRestore });

  expect(await restored('--json')).toMatchObject({ code: 3 });
  expect(asked).toMatchObject([{ reason: 'Restored to noon', json: true }]);
  expect(await restored('chk_1')).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out the id') });
  expect(await restored('--key', 'key-0001')).toMatchObject({ code: 2 });
  expect(asked).toHaveLength(1);
});
