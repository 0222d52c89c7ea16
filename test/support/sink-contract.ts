import { afterEach, expect, test } from '@jest/globals';
import { setImmediate as nextTurn, setTimeout as backOff } from 'node:timers/promises';
import type { Outcome, Parcel, Sink } from '../../src/outbox/sink';
import { anOrder } from './builders';
import { eventually } from './eventually';
import type { OwnServer } from './own-server';
import { anEvent, inTurn, parcelOf } from './parcels';

/** A message as a consumer gets it, without what the broker adds to each: those of two deliveries of an event are equal. */
export interface Stored {
  readonly id: string;
  readonly checkoutId: string;
  readonly sequence: number;
  readonly message: string;
  /** The mark of a replay, which stands beside the event. */
  readonly replay: string | undefined;
}

export interface BrokerUnderTest {
  readonly server: OwnServer;
  newSink(): Sink;
  /** All that the broker holds, of each order as it came. */
  read(): Promise<readonly Stored[]>;
}

/** A broker that was killed is back in seconds. */
const MOST_ATTEMPTS = 50;
const BACKOFF_MS = 200;
/** Turns of the event loop: when nothing, and when some of a page has reached the server. */
const KILLED_AFTER = [1, 1_000];
/** The sinks' patience is ten seconds; the machine may be busy. */
const GIVES_UP_WITHIN_MS = 20_000;

/** What every sink to a broker owes, tried on the real one. */
export function keepsTheSinkContract(broker: () => BrokerUnderTest): void {
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

  test('delivers the events of each order in their order', async () => {
    const orders = someOrders();

    const outcomes = await persistently(newSink(), inTurn(orders, { to: 10 }));

    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    expect(await numbersHeld(orders)).toEqual(orders.map(() => upTo(10)));
  });

  test('delivers a duplicate as the same message', async () => {
    const orders = someOrders();
    const parcels = inTurn(orders, { to: 3 });
    await persistently(newSink(), parcels);

    await persistently(newSink(), parcels);

    const stored = ofOrders(await broker().read(), orders);
    expect(new Set(stored.map(({ message }) => message)).size).toBe(parcels.length);
    expect(numbersOf(stored, orders)).toEqual(orders.map(() => upTo(3)));
  });

  test('delivers a replay as the same message in the same order, marked beside the event, and marks nothing else', async () => {
    const orders = someOrders();
    const parcels = inTurn(orders, { to: 3 });
    const again = parcels.map((parcel) => ({ ...parcel, replay: 'replay-1' }));
    const sink = newSink();
    await persistently(sink, parcels);

    await persistently(sink, [...again, ...inTurn(orders, { from: 4, to: 4 })]);

    const stored = ofOrders(await broker().read(), orders);
    const [first, marked] = [undefined, 'replay-1'].map((mark) => stored.filter(({ replay }) => replay === mark));
    expect(first && numbersOf(first, orders)).toEqual(orders.map(() => upTo(4)));
    expect(marked && numbersOf(marked, orders)).toEqual(orders.map(() => upTo(3)));
    expect(new Set(stored.map(({ message }) => message)).size).toBe(orders.length * 4);
  });

  test('refuses an event that is too large, holds back the rest of its order, and loses nothing of the others', async () => {
    const [order = '', ...others] = someOrders();
    const tooLarge = parcelOf(anEvent({ checkoutId: order, sequence: 2, data: `"${'x'.repeat(2_000_000)}"` }));
    const before = [...inTurn([order, ...others], { to: 1 }), ...inTurn(others, { from: 2, to: 3 })];
    const after = [...inTurn([order], { from: 3, to: 4 }), ...inTurn(others, { from: 4, to: 4 })];
    const sink = newSink();

    const outcomes = await persistently(sink, [...before, tooLarge, ...after]);
    await persistently(sink, inTurn(others, { from: 5, to: 6 }));

    const those = [...before.map(() => 'delivered'), 'failed', 'behind', 'behind', ...others.map(() => 'delivered')];
    expect(outcomes).toEqual(those);
    expect(await numbersHeld([order, ...others])).toEqual([[1], ...others.map(() => upTo(6))]);
  });

  test.each(KILLED_AFTER)('leaves no gap when the server is killed under it, %i turns later', async (turns) => {
    const orders = someOrders();
    const sink = newSink();
    await persistently(sink, inTurn(orders, { to: 5 }));
    const rest = inTurn(orders, { from: 6, to: 60 });

    const interrupted = deliverAll(sink, rest).catch(() => undefined);
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    await broker().server.kill();
    await interrupted;
    await expect(sink.deliver(rest)).rejects.toThrow();
    await broker().server.restart();

    const held = await numbersHeld(orders);
    expect(held).toEqual(held.map(({ length }) => upTo(Math.max(5, length))));
    await persistently(sink, rest);
    expect(await numbersHeld(orders)).toEqual(orders.map(() => upTo(60)));
  });

  test('gives up on a server that takes everything and answers nothing', async () => {
    const parcels = inTurn(someOrders(), { to: 1 });
    const sink = newSink();
    await persistently(sink, parcels);

    broker().server.freeze();
    const began = performance.now();
    const answer = sink.deliver(parcels).finally(() => broker().server.thaw());

    await expect(answer).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(GIVES_UP_WITHIN_MS);
    await persistently(sink, parcels);
  });

  test('leaves no connection behind, not even one that it gave up', async () => {
    await eventually(hasNoConnection);
    const sink = broker().newSink();
    await persistently(sink, inTurn(someOrders(), { to: 1 }));
    expect(hasNoConnection()).toBeUndefined();

    await sink.close();

    await eventually(hasNoConnection);
  });
}

const someOrders = (): string[] => Array.from({ length: 40 }, () => anOrder().checkoutId);

const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

const hasNoConnection = (): true | undefined =>
  !process.getActiveResourcesInfo().includes('TCPSocketWrap') || undefined;

/** As the relay does: a sink that throws is asked again, with the same parcels. */
export async function persistently(sink: Sink, parcels: readonly Parcel[]): Promise<Outcome['status'][]> {
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

/** Of each order, the numbers of its events as they came first. */
const numbersOf = (stored: readonly Stored[], orders: readonly string[]): number[][] =>
  orders.map((order) => [...new Set(ofOrders(stored, [order]).map(({ sequence }) => sequence))]);
