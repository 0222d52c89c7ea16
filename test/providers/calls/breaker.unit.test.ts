import { expect, jest, test } from '@jest/globals';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { Breaker } from '../../../src/providers/calls/breaker';
import type { BreakerState } from '../../../src/providers/calls/breaker';

const OPEN_MS = 30_000;

function setup() {
  const clock = { ms: 1_000 };
  const states: BreakerState[] = [];
  const breaker = new Breaker({ role: 'payments', onChange: (state) => states.push(state), now: () => clock.ms });
  let calls = 0;
  const away = (key: string, fault = new ProviderFault('unreachable', 'It is away')) =>
    breaker
      .call(key, async () => {
        calls += 1;
        throw fault;
      })
      .catch((error: unknown) => error as ProviderFault);
  const answers = (key = 'any') =>
    breaker
      .call(key, async () => {
        calls += 1;
        return 'answer';
      })
      .catch((error: unknown) => error as ProviderFault);
  const opened = async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) await away(key);
  };
  return { clock, states, breaker, away, answers, opened, calls: () => calls };
}

/** A call that ends when it is told to. */
function held(breaker: Breaker) {
  let end: { answer: (text: string) => void; fail: (fault: Error) => void } | undefined;
  const held = new Promise<string>((answer, fail) => (end = { answer, fail }));
  const result = breaker.call('held', () => held).catch((error: unknown) => error);
  return { result, ...(end as NonNullable<typeof end>) };
}

test('opens after five failures in a row, and then calls nobody', async () => {
  const { opened, answers, breaker, calls } = setup();
  await opened();

  const refused = await answers();

  expect(breaker.state).toBe('open');
  expect(refused).toMatchObject({ fault: 'breaker-open', isAway: true, mayHaveActed: false });
  expect(calls()).toBe(5);
});

test('tells how long it stays open, and up to a fifth more', async () => {
  const { opened, answers, clock } = setup();
  await opened();
  clock.ms += 10_000;

  const { retryAfterMs } = (await answers()) as ProviderFault;

  expect(retryAfterMs).toBeGreaterThanOrEqual(20_000);
  expect(retryAfterMs).toBeLessThanOrEqual(24_000);
});

test('opens when half of twenty calls failed', async () => {
  const { away, answers, breaker } = setup();
  for (let pair = 0; pair < 9; pair += 1) {
    await answers();
    await away(`key ${pair}`);
  }
  await answers();
  expect(breaker.state).toBe('closed');

  await away('key 10');

  expect(breaker.state).toBe('open');
});

test('opens for no single key, however often it fails', async () => {
  const { away, breaker } = setup();

  for (let time = 0; time < 40; time += 1) await away(time % 2 ? 'one card' : 'another card');

  expect(breaker.state).toBe('closed');
});

test('opens for no answer that concerns one call', async () => {
  const { away, breaker } = setup();

  for (let time = 0; time < 40; time += 1) await away(`key ${time}`, new ProviderFault('other-amount', 'Too much'));

  expect(breaker.state).toBe('closed');
});

test('lets five probes through after thirty seconds; the others look again in one to two seconds', async () => {
  const { opened, breaker, clock, answers, states } = setup();
  await opened();
  clock.ms += OPEN_MS;
  const probes = Array.from({ length: 5 }, () => held(breaker));

  const sixth = (await answers()) as ProviderFault;

  expect(breaker.state).toBe('half-open');
  expect(sixth.fault).toBe('breaker-open');
  expect(sixth.retryAfterMs).toBeGreaterThanOrEqual(1_000);
  expect(sixth.retryAfterMs).toBeLessThanOrEqual(2_000);
  probes.forEach(({ answer }) => answer('back'));
  expect(await Promise.all(probes.map(({ result }) => result))).toEqual(Array(5).fill('back'));
  expect(await answers()).toBe('answer');
  expect(states).toEqual(['open', 'half-open', 'closed']);
});

test('stays open if half of the probes fail, and closes if fewer do', async () => {
  const { opened, breaker, clock } = setup();
  await opened();
  const round = async (failing: number) => {
    clock.ms += OPEN_MS;
    const probes = Array.from({ length: 5 }, () => held(breaker));
    probes.forEach(({ answer, fail }, at) =>
      at < failing ? fail(new ProviderFault('timed-out', 'Late')) : answer(''),
    );
    await Promise.all(probes.map(({ result }) => result));
    await new Promise(setImmediate);
    return breaker.state;
  };

  expect(await round(3)).toBe('open');
  expect(await round(2)).toBe('closed');
});

test('one probe that fails is enough to stay open for another thirty seconds', async () => {
  const { opened, away, answers, clock, calls } = setup();
  await opened();
  clock.ms += OPEN_MS;
  await away('f');
  await new Promise(setImmediate);

  const { retryAfterMs = 0 } = (await answers()) as ProviderFault;

  expect(retryAfterMs).toBeGreaterThanOrEqual(OPEN_MS);
  expect(calls()).toBe(6);
});

test('is not held open by a host clock that is set back', async () => {
  const { opened, answers, clock } = setup();
  await opened();
  clock.ms += OPEN_MS;
  jest.spyOn(Date, 'now').mockReturnValue(0);

  expect(await answers()).toBe('answer');

  jest.restoreAllMocks();
});
