import { afterEach, expect, test } from '@jest/globals';
import { setImmediate as nextTurn, setTimeout as backOff } from 'node:timers/promises';
import type { Outcome, Parcel, Sink } from '../../src/outbox/sink';
import { anOrder } from './builders';
import { eventually } from './eventually';
import type { OwnServer } from './own-server';
import { anEvent, interleaved, parcelOf } from './parcels';

/** A message as consumers get it, without what the broker adds: two deliveries of an event give equal messages. */
export interface Stored {
  readonly id: string;
  readonly checkoutId: string;
  readonly sequence: number;
  readonly message: string;
  /** The mark of a replay, outside the event. */
  readonly replay: string | undefined;
}

export interface BrokerUnderTest {
  readonly server: OwnServer;
  newSink(): Sink;
  /** All messages of the broker, in order for each checkout. */
  read(): Promise<readonly Stored[]>;
}

/** A killed broker is back in seconds. */
const MOST_ATTEMPTS = 50;
const BACKOFF_MS = 200;
/** Turns of the event loop after which the server has received nothing, or part of a page. */
const KILLED_AFTER = [1, 1_000];

/** What every sink to a broker must do, tested on the real broker. */
export function testSinkContract(broker: () => BrokerUnderTest): void {
  const opened: Sink[] = [];
  const newSink = () => {
    const sink = broker().newSink();
    opened.push(sink);
    return sink;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((sink) => sink.close()));
  });
  const numbersHeld = async (orders: readonly string[]) => numbersOf(await broker().read(), orders);

  test('delivers the events of each order in order', async () => {
    const orders = someOrders();

    const outcomes = await deliverWithRetries(newSink(), interleaved(orders, { to: 10 }));

    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    expect(await numbersHeld(orders)).toEqual(orders.map(() => upTo(10)));
  });

  test('delivers a duplicate as the same message', async () => {
    const orders = someOrders();
    const parcels = interleaved(orders, { to: 3 });
    await deliverWithRetries(newSink(), parcels);

    await deliverWithRetries(newSink(), parcels);

    const stored = ofOrders(await broker().read(), orders);
    expect(new Set(stored.map(({ message }) => message)).size).toBe(parcels.length);
    expect(numbersOf(stored, orders)).toEqual(orders.map(() => upTo(3)));
  });

  test('delivers a replay as the same message in the same order, marked outside the event', async () => {
    const orders = someOrders();
    const parcels = interleaved(orders, { to: 3 });
    const again = parcels.map((parcel) => ({ ...parcel, replay: 'replay-1' }));
    const sink = newSink();
    await deliverWithRetries(sink, parcels);

    await deliverWithRetries(sink, [...again, ...interleaved(orders, { from: 4, to: 4 })]);

    const stored = ofOrders(await broker().read(), orders);
    const [first, marked] = [undefined, 'replay-1'].map((mark) => stored.filter(({ replay }) => replay === mark));
    expect(first && numbersOf(first, orders)).toEqual(orders.map(() => upTo(4)));
    expect(marked && numbersOf(marked, orders)).toEqual(orders.map(() => upTo(3)));
    expect(new Set(stored.map(({ message }) => message)).size).toBe(orders.length * 4);
  });

  test('refuses an event that is too large, holds back the rest of its order, and delivers the others', async () => {
    const [order = '', ...others] = someOrders();
    const tooLarge = parcelOf(anEvent({ checkoutId: order, sequence: 2, data: `"${'x'.repeat(2_000_000)}"` }));
    const before = [...interleaved([order, ...others], { to: 1 }), ...interleaved(others, { from: 2, to: 3 })];
    const after = [...interleaved([order], { from: 3, to: 4 }), ...interleaved(others, { from: 4, to: 4 })];
    const sink = newSink();

    const outcomes = await deliverWithRetries(sink, [...before, tooLarge, ...after]);
    await deliverWithRetries(sink, interleaved(others, { from: 5, to: 6 }));

    const those = [...before.map(() => 'delivered'), 'failed', 'behind', 'behind', ...others.map(() => 'delivered')];
    expect(outcomes).toEqual(those);
    expect(await numbersHeld([order, ...others])).toEqual([[1], ...others.map(() => upTo(6))]);
  });

  test.each(KILLED_AFTER)('leaves no gap when the server is killed %i turns after delivery begins', async (turns) => {
    const orders = someOrders();
    const sink = newSink();
    await deliverWithRetries(sink, interleaved(orders, { to: 5 }));
    const rest = interleaved(orders, { from: 6, to: 60 });

    const interrupted = deliverAll(sink, rest).catch(() => undefined);
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    await broker().server.kill();
    await interrupted;
    await expect(sink.deliver(rest)).rejects.toThrow();
    await broker().server.restart();

    const held = await numbersHeld(orders);
    expect(held).toEqual(held.map(({ length }) => upTo(Math.max(5, length))));
    await deliverWithRetries(sink, rest);
    expect(await numbersHeld(orders)).toEqual(orders.map(() => upTo(60)));
  });

  test('gives up on a server that accepts everything and answers nothing', async () => {
    const parcels = interleaved(someOrders(), { to: 1 });
    const sink = newSink();
    await deliverWithRetries(sink, parcels);

    broker().server.freeze();
    const answer = sink.deliver(parcels).finally(() => broker().server.thaw());

    await expect(answer).rejects.toThrow();
    await deliverWithRetries(sink, parcels);
  });

  test('leaves no connection open, not even one that it gave up on', async () => {
    await eventually(hasNoConnection);
    const sink = broker().newSink();
    await deliverWithRetries(sink, interleaved(someOrders(), { to: 1 }));
    expect(hasNoConnection()).toBeUndefined();

    await sink.close();

    await eventually(hasNoConnection);
  });
}

const someOrders = (): string[] => Array.from({ length: 40 }, () => anOrder().checkoutId);

const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

const hasNoConnection = (): true | undefined =>
  !process.getActiveResourcesInfo().includes('TCPSocketWrap') || undefined;

/** Like the relay: calls a sink that throws again, with the same parcels. */
export async function deliverWithRetries(sink: Sink, parcels: readonly Parcel[]): Promise<Outcome['status'][]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deliverAll(sink, parcels);
    } catch (error) {
      if (attempt === MOST_ATTEMPTS) throw error;
      await backOff(BACKOFF_MS);
    }
  }
}

const deliverAll = async (sink: Sink, parcels: readonly Parcel[]): Promise<Outcome['status'][]> =>
  (await sink.deliver(parcels)).map(({ status }) => status);

const ofOrders = (stored: readonly Stored[], orders: readonly string[]): Stored[] =>
  stored.filter(({ checkoutId }) => orders.includes(checkoutId));

/** For each order, the sequence numbers in order of first delivery. */
const numbersOf = (stored: readonly Stored[], orders: readonly string[]): number[][] =>
  orders.map((order) => [...new Set(ofOrders(stored, [order]).map(({ sequence }) => sequence))]);
