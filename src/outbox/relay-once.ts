/*
 * A lane is one sink's way through one shard. It is in one of these states, all of which are in Postgres, so that any relay can go on
 * from there:
 *
 *   free      Nobody has a lease on its cursor. Any relay may take it, with a new epoch.
 *   held      One relay has it. It reads a page, hands it to the sink, and moves the cursor, in this order: dying in between hands the
 *             page over again. Moving names the epoch, so a relay that was stopped and comes back moves nothing, and learns that the
 *             lane has gone (`LeaseLost`). It names the server's life too: what was read before a crash or a failover moves nothing
 *             (`ServerChanged`, and `server.ts` says why). What it had in its hands it may still deliver: as duplicates, or as first deliveries in their
 *             order, because the page is delivered in order.
 *   failing   The sink does not take the page: away, or one event that it cannot bear. The lane waits and tries again, for ever;
 *             after some attempts one event at a time. If others then go through, the sink is there and the event is the trouble.
 *
 * An event that a sink does not take is parked, and from then on everything of its order for this sink (and target) goes the same way:
 *
 *   waiting   The first of the order has attempts, and a moment for the next one. It is tried after the lane's new events: if the
 *             sink takes one of those and then throws at this one, this one is the trouble.
 *   dead      The first of the order has attempts and no next one: an operator's redrive gives it a moment.
 *   behind    All others of the order: no attempts. When the first has gone they go in order, and the order is on its lane again.
 *
 * Parking and moving the cursor are one transaction, so an event is on its lane, parked or gone, and never two of these.
 */
import type { Database } from '../postgres/database';
import { countDelivered, moveCursor } from './cursors';
import type { Held } from './cursors';
import { handOver } from './hand-over';
import { readPage } from './log-reader';
import type { Page, Place } from './log-reader';
import type { OutboxEvent } from './outbox-event';
import { dueParcels, orderOf, park, parkedOrders, settleParked } from './parked';
import type { Pulse } from './pulse';
import { pulsedPage } from './pulsed-page';
import { ServerChanged } from './server';
import { BEHIND } from './sink';
import type { Outcome, Parcel, Sink } from './sink';

/** Large enough that a commit for each page is not felt, small enough that a crash repeats little. */
const PAGE = 1_000;

export interface LaneState extends Held {
  readonly to: Sink;
  place: Place;
  /** Passes in a row that failed. */
  failures: number;
  /** False once it is known that nothing of the lane is parked: only who has the lane parks. */
  parked: boolean;
}

export interface Pass {
  /** Events that the sink took, or does not want any more. */
  readonly delivered: number;
  /** True if there is more already. */
  readonly more: boolean;
  /** There were events that nobody wants, and where they end is not written down. */
  readonly passedOver?: boolean;
}

/**
 * Hands on the next page, then what is due of the parked events. The page is read, or is what `pulses` have read already. Throws
 * `LeaseLost`, `ServerChanged`, or whatever keeps the sink from taking anything.
 */
export async function relayOnce(db: Database, lane: LaneState, pulses: readonly Pulse[] = []): Promise<Pass> {
  const fresh = await relayPage(db, lane, pulses);
  const retried = fresh.parked ? await retryParked(db, lane, fresh.witness) : 0;
  return { ...fresh, delivered: fresh.delivered + retried };
}

/** A page that was handed on. A witness is an event that the sink took just now: it is there. */
interface Relayed extends Pass {
  readonly witness: boolean;
  /** Some of the lane's events are parked. */
  readonly parked: boolean;
}

/** Two statements where all is well: it reads, and moves the cursor. */
async function relayPage(db: Database, lane: LaneState, pulses: readonly Pulse[]): Promise<Relayed> {
  const { events, next, more, parked } = await nextPage(db, lane, pulses);
  const parcels = await parcelsFor(lane.to, events);
  if (parcels.length === 0) {
    // Not written down here: whoever has to begin at the old place finds nothing there either, or nothing that anybody wanted.
    lane.place = next;
    lane.parked = parked;
    return { delivered: 0, more, parked, witness: false, passedOver: events.length > 0 };
  }

  // Unknown, should this fail.
  lane.parked = true;
  const waiting = parked ? await parkedOrders(db, lane.sink, parcels) : NOBODY;
  const results = await deliver(lane, parcels, waiting);
  const failures = results.filter(({ outcome }) => outcome.status === 'failed' || outcome.status === 'behind');
  const delivered = results.length - failures.length;
  await moveAndPark(db, lane, { place: next, delivered }, failures);
  lane.place = next;
  lane.parked = parked || failures.length > 0;
  return {
    delivered,
    more,
    parked: lane.parked,
    witness: results.some(({ outcome }) => outcome.status === 'delivered'),
  };
}

async function nextPage(db: Database, lane: LaneState, pulses: readonly Pulse[]): Promise<Page> {
  const wanted = { ...lane, types: lane.to.types };
  const pulsed = lane.parked ? undefined : pulsedPage(pulses, wanted);
  if (pulsed) return pulsed;
  const page = await readPage(db, { ...wanted, limit: PAGE });
  if (page.life !== lane.life) throw new ServerChanged(lane);
  return page;
}

async function moveAndPark(
  db: Database,
  lane: LaneState,
  to: { place: Place; delivered: number },
  failures: readonly Result[],
): Promise<void> {
  if (failures.length === 0) return moveCursor(db, lane, to);
  await db.transaction(async (tx) => {
    await moveCursor(tx, lane, to);
    await park(tx, lane.to, failures);
  });
}

async function parcelsFor(sink: Sink, events: readonly OutboxEvent[]): Promise<Parcel[]> {
  if (!sink.targetsOf) return events.map((event) => ({ event, target: '' }));
  const parcels: Parcel[] = [];
  for (const event of events) {
    for (const target of await sink.targetsOf(event)) parcels.push({ event, target });
  }
  return parcels;
}

const NOBODY: ReadonlySet<string> = new Set();

type Result<P extends Parcel = Parcel> = { parcel: P; outcome: Outcome };

async function deliver(lane: LaneState, parcels: readonly Parcel[], waiting: ReadonlySet<string>): Promise<Result[]> {
  const open = parcels.filter((parcel) => !waiting.has(orderOf(parcel)));
  const outcomes = await handOver(lane, open);
  const held = parcels.filter((parcel) => waiting.has(orderOf(parcel)));
  return [
    ...open.map((parcel, at) => ({ parcel, outcome: outcomes[at] ?? BEHIND })),
    ...held.map((parcel) => ({ parcel, outcome: BEHIND })),
  ];
}

/** While an event of an order waits, the order's new ones only queue up behind it: here they all go. */
async function retryParked(db: Database, lane: LaneState, witness: boolean): Promise<number> {
  const parcels = await dueParcels(db, lane);
  if (parcels.length === 0) return 0;
  const outcomes = await handOver(lane, parcels, witness);
  const results = parcels.map((parcel, at) => ({ parcel, outcome: outcomes[at] ?? BEHIND }));
  const gone = outcomes.filter(({ status }) => status === 'delivered' || status === 'unwanted').length;
  await db.transaction(async (tx) => {
    await countDelivered(tx, lane, gone);
    await settleParked(tx, lane.to, results);
  });
  return gone;
}
