import { expect, test } from '@jest/globals';
import { anApi, shell } from './setup';

const lane = (more: object = {}) => ({
  shard: 0,
  owner: 'relay-1',
  epoch: 3,
  failingSince: null,
  failure: null,
  ...more,
});
const healthy = {
  ...{ sink: 'redis', pending: 0, atLeast: false, oldestSeconds: null, perSecond: 12.34, delivered: 1402 },
  parked: { waiting: 0, behind: 0, dead: 0 },
  lanes: [lane(), lane({ shard: 1 })],
};
const troubled = {
  ...{ sink: 'webhooks', pending: 100_000, atLeast: true, oldestSeconds: 125.4, perSecond: 0, delivered: 7 },
  parked: { waiting: 1, behind: 20, dead: 3 },
  ...{ rewoundAt: '2026-01-01T10:00:00.000Z', rewindReason: 'It was written on another server: 7' },
  lanes: [
    lane({ failingSince: '2026-01-02T03:09:00.000Z', failure: 'later' }),
    lane({ owner: null, failingSince: '2026-01-02T03:04:00.000Z', failure: 'nobody answers\u001b[2J' }),
  ],
};

const asking = async (args: readonly string[], ...bodies: unknown[]) => {
  const seen: (string | undefined)[] = [];
  const api = await anApi(({ url, headers }) => {
    seen.push(url, headers.authorization);
    return { status: 200, body: bodies[Math.min(seen.length / 2, bodies.length) - 1] };
  });
  const result = await shell([...args, '--url', api.url]);
  await api.stop();
  return { ...result, seen, url: api.url };
};

test('shows a table of sinks, with the operator key, and exits with 0 if nothing is dead', async () => {
  const { code, stdout, seen } = await asking(['outbox'], { sinks: [healthy] });

  expect(code).toBe(0);
  expect(seen).toEqual(['/v1/ops/outbox', 'Bearer sk_sandbox_operator']);
  expect(stdout.split('\n')).toEqual([
    'SINK   PENDING  OLDEST  RATE    DELIVERED  WAITING  BEHIND  DEAD',
    'redis  0        -       12.3/s  1402       0        0       0',
    '',
  ]);
});

test('shows problems below their sink with the command that shows more, and exits with 3 if something is dead', async () => {
  const { code, stdout, url } = await asking(['outbox'], { sinks: [healthy, troubled] });

  expect(code).toBe(3);
  expect(stdout.split('\n').slice(2)).toEqual([
    'webhooks  100000+  2 min 05 s  0.0/s   7          1        20      3',
    '    1 of 2 lanes have no relay',
    '    2 of 2 lanes have been failing since 2026-01-02 03:04: nobody answers [2J',
    '    rewound to the beginning of the log at 2026-01-01 10:00: It was written on another server: 7',
    `    npx durable-checkout dead-letters --sink webhooks --url ${url}`,
    '',
  ]);
});

test('warns below a sink that may lose its events', async () => {
  const warnings = [
    { sink: 'redis', warning: 'Redis may evict the whole stream' },
    { sink: 'webhooks', warning: 'of another one' },
  ];
  const { code, stdout } = await asking(['outbox'], { sinks: [healthy], warnings });

  expect(code).toBe(0);
  expect(stdout.split('\n').slice(1)).toEqual([
    'redis  0        -       12.3/s  1402       0        0       0',
    '    Redis may evict the whole stream',
    '',
  ]);
});

test("with --json, prints the API's answer, and exits with the same code", async () => {
  const { code, stdout } = await asking(['outbox', '--json'], { sinks: [troubled] });

  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toEqual({ sinks: [troubled] });
});

test('says so if no sink has run yet', async () => {
  expect(await asking(['outbox'], { sinks: [] })).toMatchObject({ code: 0, stdout: 'No sink has run yet.\n' });
});

test.each([[{}], [{ sinks: [{ ...healthy, parked: { dead: 0 } }] }], [{ sinks: [], warnings: 'none' }], ['Welcome']])(
  'does not take an answer such as %j for a healthy outbox, and exits with 1',
  async (body) => {
    const { code, stdout, stderr } = await asking(['outbox'], body);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('unexpected-answer');
  },
);

const letter = {
  ...{
    sink: 'webhooks',
    target: 'whe_1',
    checkoutId: 'chk_1',
    sequence: 2,
    type: 'payment.authorized',
    eventId: 'e-1',
  },
  ...{ attempts: 9, reason: 'status 500', parkedAt: '2026-01-02T03:04:05.678Z', nextAttemptAt: null },
};

test('reads dead letters to the last page, and shows the command that delivers them', async () => {
  const second = { ...letter, sink: 'redis', target: '', checkoutId: 'chk_22', sequence: 10 };
  const { code, stdout, seen, url } = await asking(
    ['dead-letters'],
    { deadLetters: [letter], next: 'more==' },
    { deadLetters: [second], next: null },
  );

  expect(code).toBe(3);
  expect(seen.filter((_, at) => at % 2 === 0)).toEqual([
    '/v1/ops/outbox/dead-letters',
    '/v1/ops/outbox/dead-letters?cursor=more%3D%3D',
  ]);
  expect(stdout.split('\n')).toEqual([
    'SINCE             SINK      TARGET  CHECKOUT  EVENT                  TRIED  WHY',
    '2026-01-02 03:04  webhooks  whe_1   chk_1     2 payment.authorized   9      status 500',
    '2026-01-02 03:04  redis     -       chk_22    10 payment.authorized  9      status 500',
    '',
    'Once the sink accepts them, deliver them again, with all the events behind them:',
    `    npx durable-checkout redrive --url ${url} --reason`,
    '',
  ]);
});

test('shows one sink as JSON', async () => {
  const { code, stdout, seen } = await asking(['dead-letters', '--sink', 'redis', '--json'], {
    deadLetters: [letter],
    next: null,
  });

  expect(code).toBe(3);
  expect(seen[0]).toBe('/v1/ops/outbox/dead-letters?sink=redis');
  expect(JSON.parse(stdout)).toEqual({ deadLetters: [letter], next: null });
});

test('exits with 0 if nothing is dead', async () => {
  expect(await asking(['dead-letters'], { deadLetters: [], next: null })).toMatchObject({
    code: 0,
    stdout: 'There are no dead letters.\n',
  });
});
