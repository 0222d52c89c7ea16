import { expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../../src/tools/verify/command';
import { connectionsOf } from '../../../src/tools/verify/connections';
import { shell } from '../cli/setup';

const settings = {
  ...{ dataDir: '/nowhere', redisStream: 'checkout-events', payloadKeys: '' },
  ...{ databaseUrl: '', temporalAddress: '', temporalNamespace: 'default' },
  ...{ kafkaBrokers: 'a:9092,b:9092', kafkaTopic: 'checkout-events', natsUrl: '', natsStream: 'CHECKOUT_EVENTS' },
};

async function asked(...args: string[]): Promise<VerifyOptions | undefined> {
  let options: VerifyOptions | undefined;
  await shell(['verify', ...args], { verify: async (given) => ((options = given), 0) });
  return options;
}

test('verify checks all promises, or those named', async () => {
  expect(await asked()).toEqual({ settle: 60, sample: 200 });
  expect(await asked('--only', 'P10,P5', '--settle', '0', '--sample', '7', '--attention-expected', '--json')).toEqual({
    ...{ only: ['P10', 'P5'], settle: 0, sample: 7 },
    ...{ attentionExpected: true, json: true },
  });
});

test("exits with the command's code", async () => {
  expect((await shell(['verify'], { verify: async () => 1 })).code).toBe(1);
});

test.each([['--only', 'P99'], ['--settle', 'soon'], ['--sandbox', 'here'], ['--no-such-thing']])(
  'rejects %s %s as wrong usage',
  async (...args) => {
    const { code, stderr } = await shell(['verify', ...args]);

    expect(code).toBe(2);
    expect(stderr).not.toBe('');
  },
);

test('external stores need no stack, and brokers come from the environment if they are not given', () => {
  const given = { postgres: 'postgres://pg/checkout', sandbox: 'http://sandbox/' };

  expect(connectionsOf(given, settings)).toMatchObject({
    ...{ postgres: given.postgres, sandbox: 'http://sandbox' },
    ...{ temporal: undefined, api: undefined, logs: undefined, payloadKeys: '' },
    ...{ redis: undefined, nats: undefined, kafka: { brokers: ['a:9092', 'b:9092'], topic: 'checkout-events' } },
  });
  expect(connectionsOf({ ...given, redis: 'redis://here', kafka: '', nats: 'nats://here' }, settings)).toMatchObject({
    ...{ redis: { url: 'redis://here' }, kafka: undefined, nats: { url: 'nats://here' } },
  });
});

test.each([
  ['--postgres', { postgres: 'postgres://pg/checkout' }, ''],
  ['DATABASE_URL', {}, 'postgres://pg/checkout'],
])('%s is enough without a stack; then there are no provider journals', (_name, given, databaseUrl) => {
  expect(connectionsOf(given, { ...settings, databaseUrl })).toMatchObject({
    ...{ isWhole: false, postgres: 'postgres://pg/checkout', sandbox: undefined, logs: undefined },
  });
});

test('a named stack must exist, whatever else was given', () => {
  const given = { postgres: 'postgres://pg/checkout', dataDir: '/nowhere' };

  expect(() => connectionsOf({}, settings)).toThrow('/nowhere has none');
  expect(() => connectionsOf(given, settings)).toThrow('/nowhere has none');
});
