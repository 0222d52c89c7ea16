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
 *   waiting   The first of the order has a moment for its next attempt, and attempts, unless it was put aside because its target is
 *             slow. It is tried beside the lane's pages, each target by itself (`retries.ts`), so nobody waits for it. If the sink took
 *             an event of the page just before and then throws at this one, this one is the trouble.
 *   dead      The first of the order has attempts and no next one: an operator's redrive gives it a moment.
 *   behind    All others of the order: no attempts. When the first has gone they go in order, and the order is on its lane again.
 *
 * Parking and moving the cursor are one transaction, so an event is on its lane, parked or gone, and never two of these. Settling what
 * was tried beside the page begins by writing the cursor too: the two never overlap, and both learn that the lane has gone.
 */
import type { Database } from '../../postgres/database';
import { moveCursor } from '../log/cursors';
import type { Held } from '../log/cursors';
import { handOver } from './hand-over';
import { readPage } from '../log/log-reader';
import type { Page, Place } from '../log/log-reader';
import type { OutboxEvent } from '../outbox-event';
import { orderOf, parkedOrders } from './parked';
import type { LogPoll } from '../log/log-poll';
import { pageFromPoll } from '../log/page-from-poll';
import { ServerChanged } from '../log/server';
import { park } from './settle-parked';
import { BEHIND } from '../sink';
import type { Outcome, Parcel, Sink } from '../sink';

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

/** How far it got, for whoever tries the parked events. */
export interface Relayed extends Pass {
  /** The sink took an event of this page: it is there. */
  readonly witness: boolean;
  /** Some of the lane's events are parked. */
  readonly parked: boolean;
}

/**
 * Hands on the next page: two statements where all is well, to read it and to move the cursor. The page is read, or is what `pulses` have
 * read already. Throws `LeaseLost`, `ServerChanged`, or whatever keeps the sink from taking anything.
 */
export async function relayOnce(db: Database, lane: LaneState, pulses: readonly LogPoll[] = []): Promise<Relayed> {
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
  const failures = results.filter(({ outcome }) => !GONE.has(outcome.status));
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

async function nextPage(db: Database, lane: LaneState, pulses: readonly LogPoll[]): Promise<Page> {
  const wanted = { ...lane, types: lane.to.types };
  const pulsed = lane.parked ? undefined : pageFromPoll(pulses, wanted);
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

const GONE: ReadonlySet<Outcome['status']> = new Set(['delivered', 'unwanted']);
const NOBODY: ReadonlySet<string> = new Set();

type Result = { parcel: Parcel; outcome: Outcome };

async function deliver(lane: LaneState, parcels: readonly Parcel[], waiting: ReadonlySet<string>): Promise<Result[]> {
  const open = parcels.filter((parcel) => !waiting.has(orderOf(parcel)));
  const outcomes = await handOver(lane, open, { witness: false, hurry: true });
  const held = parcels.filter((parcel) => waiting.has(orderOf(parcel)));
  return [
    ...open.map((parcel, at) => ({ parcel, outcome: outcomes[at] ?? BEHIND })),
    ...held.map((parcel) => ({ parcel, outcome: BEHIND })),
  ];
}
