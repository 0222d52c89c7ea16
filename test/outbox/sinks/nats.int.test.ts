import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { natsSink } from '../../../src/outbox/sinks/nats';
import { startNats } from '../../support/nats-server';
import type { OwnServer } from '../../support/own-server';
import { anEvent, interleaved, parcelOf } from '../../support/parcels';
import { testSinkContract } from '../../support/sink-contract';
import type { Stored } from '../../support/sink-contract';

const STREAM = 'CHECKOUT_EVENTS';

let server: OwnServer;
beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.stop());

const newSink = () => natsSink({ url: `nats://${server.address}` });

async function managing<T>(ask: (manager: JetStreamManager) => Promise<T>): Promise<T> {
  const nats = await connect({ servers: server.address });
  try {
    return await ask(await jetstreamManager(nats));
  } finally {
    await nats.close();
  }
}

const messages = (): Promise<JsMsg[]> =>
  managing(async (manager) => {
    const { state } = await manager.streams.info(STREAM);
    const consumer = await manager.jetstream().consumers.get(STREAM);
    const found: JsMsg[] = [];
    for await (const message of await consumer.fetch({ max_messages: state.messages })) found.push(message);
    return found;
  });

async function read(): Promise<Stored[]> {
  return (await messages()).map((message) => {
    const event = message.json<{ id: string; subject: string; sequence: string }>();
    const replay = message.headers?.get('Replay') || undefined;
    // The id of a replayed message includes the replay; otherwise JetStream would drop it as a duplicate.
    expect(message.headers?.get('Nats-Msg-Id')).toBe(replay ? `${event.id}:${replay}` : event.id);
    const whole = JSON.stringify([message.subject, message.string()]);
    return { id: event.id, checkoutId: event.subject, sequence: Number(event.sequence), message: whole, replay };
  });
}

testSinkContract(() => ({ server, newSink, read }));

test("publishes the event in structured mode, under its order's subject, with its id", async () => {
  const event = anEvent();
  const sink = newSink();

  await sink.deliver([parcelOf(event)]);
  await sink.close();

  const message = (await messages()).at(-1);
  expect(message?.subject).toBe(`checkout.events.${event.checkoutId}`);
  expect(message?.headers?.get('Nats-Msg-Id')).toBe(event.id);
  expect(message?.json()).toEqual({
    specversion: '1.0',
    id: event.id,
    source: '/durable-checkout',
    type: 'com.durablecheckout.payment.authorized.v1',
    subject: event.checkoutId,
    time: '2026-11-24T08:00:00.123456Z',
    datacontenttype: 'application/json',
    sequence: '1',
    tenant: 'acme',
    traceparent: event.traceparent,
    data: { amount: { minor: 3000, currency: 'USD' } },
  });
});

test('leaves an existing stream as it is, and refuses what is too large for it', async () => {
  await managing((manager) => manager.streams.update(STREAM, { max_msg_size: 2_000 }));
  const [small, large] = [anEvent(), anEvent({ data: `"${'x'.repeat(3_000)}"` })];
  const sink = newSink();

  const outcomes = await sink.deliver([parcelOf(large), parcelOf(small)]);
  await sink.close();

  expect(outcomes).toEqual([
    { status: 'failed', reason: 'message size exceeds maximum allowed', retry: false },
    { status: 'delivered' },
  ]);
});

test('throws when its stream was removed, and creates it again', async () => {
  const sink = newSink();
  await sink.deliver([parcelOf(anEvent())]);
  await managing((manager) => manager.streams.delete(STREAM));
  const parcels = interleaved(['chk_1'], { to: 2 });

  await expect(sink.deliver(parcels)).rejects.toThrow();
  await sink.deliver(parcels);
  await sink.close();

  expect((await read()).map(({ sequence }) => sequence)).toEqual([1, 2]);
});
