import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, InvalidArgumentError, nanos } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { BrokerConnection } from './broker-connection';
import { structured } from '../cloud-event';
import { inParallel } from './in-parallel';
import { BEHIND, DELIVERED } from '../sink';
import type { Outcome, Parcel, Sink } from '../sink';

const SUBJECT = 'checkout.events';
const CONNECT_TIMEOUT_MS = 3_000;
const ACK_TIMEOUT_MS = 5_000;
/** Each order waits for an acknowledgement between its events; this many orders keep the server busy meanwhile. */
const ORDERS_AT_ONCE = 128;
/** As long as the log in Postgres keeps events. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** About ten gigabytes on disk. */
const KEPT = 10_000_000;
/** JetStream's error code for "message size exceeds maximum allowed" of a stream. */
const EXCEEDS_STREAM_MAXIMUM = 10054;

export interface NatsOptions {
  /** `nats://user:password@host:port`, or several servers of a cluster, separated by commas. */
  readonly url: string;
  /** Created if it does not exist. An existing one is left unchanged, and must accept `checkout.events.*`. */
  readonly stream?: string;
}

/** Publishes events to JetStream under `checkout.events.<checkout id>`; the next one of an order once the last one is stored. */
export function natsSink({ url, stream = 'CHECKOUT_EVENTS' }: NatsOptions): Sink {
  const connection = new BrokerConnection(
    () => open(url, stream),
    ({ nats }) => nats.close(),
  );
  return {
    name: 'nats',
    deliver: (parcels) =>
      connection.use(async (broker) => {
        const outcomes = new Map<Parcel, Outcome>();
        await inParallel(byOrder(parcels).values(), ORDERS_AT_ONCE, async (order) => {
          for (const parcel of order) {
            const outcome = await publish(broker, parcel);
            outcomes.set(parcel, outcome);
            if (outcome !== DELIVERED) return;
          }
        });
        return parcels.map((parcel) => outcomes.get(parcel) ?? BEHIND);
      }),
    close: () => connection.close(),
  };
}

interface Broker {
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly stream: string;
}

async function open(url: string, stream: string): Promise<Broker> {
  const servers = url.split(',');
  const { username, password } = new URL(servers[0] ?? '');
  const nats = await connect({
    servers,
    ...(username !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    timeout: CONNECT_TIMEOUT_MS,
    // A connection that reconnects by itself would deliver late what the relay has meanwhile delivered again.
    reconnect: false,
  });
  try {
    const manager = await jetstreamManager(nats, { timeout: ACK_TIMEOUT_MS });
    await ensureStream(manager, stream);
    return { nats, jetstream: manager.jetstream(), stream };
  } catch (error) {
    await nats.close();
    throw error;
  }
}

async function ensureStream(manager: JetStreamManager, name: string): Promise<void> {
  try {
    await manager.streams.info(name);
  } catch (error) {
    if (codeOf(error) !== JetStreamApiCodes.StreamNotFound) throw error;
    // Two relays may do so concurrently: the second finds the stream as it wants it.
    await manager.streams.add({
      name,
      subjects: [`${SUBJECT}.*`],
      max_age: nanos(KEPT_MS),
      max_msgs: KEPT,
      // A full stream drops old messages rather than refuse new ones.
      discard: DiscardPolicy.Old,
    });
  }
}

function replayHeader(replay: string): MsgHdrs {
  const marks = headers();
  marks.set('Replay', replay);
  return marks;
}

async function publish({ jetstream, stream }: Broker, { event, replay }: Parcel): Promise<Outcome> {
  try {
    await jetstream.publish(`${SUBJECT}.${event.checkoutId}`, structured(event), {
      // JetStream drops a message whose id it has seen recently, so few duplicates reach consumers.
      msgID: replay === undefined ? event.id : `${event.id}:${replay}`,
      ...(replay !== undefined && { headers: replayHeader(replay) }),
      // Another stream may listen to this subject, and would acknowledge too.
      expect: { streamName: stream },
      timeout: ACK_TIMEOUT_MS,
    });
    return DELIVERED;
  } catch (error) {
    if (isTooLarge(error)) return { status: 'failed', reason: error.message, retry: false };
    throw error;
  }
}

/** Too large for the server, which the client checks itself, or for the stream. */
const isTooLarge = (error: unknown): error is Error =>
  error instanceof InvalidArgumentError || codeOf(error) === EXCEEDS_STREAM_MAXIMUM;

const codeOf = (error: unknown) => (error instanceof JetStreamApiError ? error.code : undefined);

function byOrder(parcels: readonly Parcel[]): Map<string, Parcel[]> {
  const orders = new Map<string, Parcel[]>();
  for (const parcel of parcels) {
    const { checkoutId } = parcel.event;
    const order = orders.get(checkoutId);
    if (order) order.push(parcel);
    else orders.set(checkoutId, [parcel]);
  }
  return orders;
}
