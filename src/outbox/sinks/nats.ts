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
/** Each order waits for an acknowledgement between its events: so many orders at once keep the server busy meanwhile. */
const ORDERS_AT_ONCE = 128;
/** As long as the log in Postgres. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** About ten gigabytes on disk. */
const KEPT = 10_000_000;
/** JetStream's number for "message size exceeds maximum allowed" by its stream. */
const EXCEEDS_STREAM_MAXIMUM = 10054;

export interface NatsOptions {
  /** `nats://user:password@host:port`, or several of a cluster with commas between them. */
  readonly url: string;
  /** Made unless it is there; one that is there is left as it is, and has to take `checkout.events.*`. */
  readonly stream?: string;
}

/** Publishes events to JetStream under `checkout.events.<checkout id>`: the next one of an order when the one before is stored. */
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
    // A connection that comes back by itself would hand over late what the relay meanwhile hands over again.
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
    // Two relays may do so at once: the second finds it as it wants it.
    await manager.streams.add({
      name,
      subjects: [`${SUBJECT}.*`],
      max_age: nanos(KEPT_MS),
      max_msgs: KEPT,
      // Full of old ones, it takes new ones.
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
      // JetStream drops what it got a moment ago under the same id: few duplicates reach a consumer.
      msgID: replay === undefined ? event.id : `${event.id}:${replay}`,
      ...(replay !== undefined && { headers: replayHeader(replay) }),
      // Another stream may listen to the subject, and would acknowledge too.
      expect: { streamName: stream },
      timeout: ACK_TIMEOUT_MS,
    });
    return DELIVERED;
  } catch (error) {
    if (isTooLarge(error)) return { status: 'failed', reason: error.message, retry: false };
    throw error;
  }
}

/** For the server, which the client knows beforehand, or for the stream. */
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
