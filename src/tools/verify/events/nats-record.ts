import { jetstream, JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { StreamState } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import type { NatsConnectionInfo } from '../connections';
import { ALWAYS_WHOLE, CLOCKS_DIFFER_MS, deliveryOf } from './delivery';
import type { Delivery, SinkRecord } from './delivery';

const CONNECT_TIMEOUT_MS = 5_000;

/** The messages of the stream, up to its current end. */
export async function readNats<T>(
  { url, stream }: NatsConnectionInfo,
  work: (record: SinkRecord) => Promise<T>,
): Promise<T> {
  const { username, password } = new URL(url);
  const nats = await connect({
    servers: url,
    ...(username !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    timeout: CONNECT_TIMEOUT_MS,
    reconnect: false,
  });
  try {
    const state = await stateOf(nats, stream);
    if (!state || state.messages === 0)
      return await work({ wholeSince: state?.last_seq ? Infinity : ALWAYS_WHOLE, deliveries: [] });
    const trimmed = state.first_seq > 1;
    return await work({
      wholeSince: trimmed ? Date.parse(state.first_ts) + CLOCKS_DIFFER_MS : ALWAYS_WHOLE,
      note: trimmed ? 'nats: the stream was trimmed; earlier events cannot be checked' : undefined,
      deliveries: messages(nats, stream, state.last_seq),
    });
  } finally {
    await nats.close();
  }
}

async function stateOf(nats: NatsConnection, stream: string): Promise<StreamState | undefined> {
  try {
    return (await (await jetstreamManager(nats)).streams.info(stream)).state;
  } catch (error) {
    // Nothing was ever published: the cursors say whether that is right.
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
    throw error;
  }
}

async function* messages(nats: NatsConnection, stream: string, last: number): AsyncGenerator<Delivery> {
  // Without a name it is an ordered consumer, which starts at the beginning and leaves nothing behind.
  const consumer = await jetstream(nats).consumers.get(stream);
  for await (const message of await consumer.consume()) {
    yield deliveryOf(`${stream} ${message.seq}`, message.string());
    if (message.seq >= last) return;
  }
}
