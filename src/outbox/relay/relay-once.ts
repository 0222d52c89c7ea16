/*
 * A lane is one sink's way through one shard. It is in one of these states, which are all in Postgres, so that any relay can go on from
 * there:
 *
 *   free      Nobody has a lease on its cursor. Any relay may take it, with a new epoch.
 *   held      One relay has it. It reads a page, delivers it to the sink, and moves the cursor, in this order: after a crash in between
 *             the page is delivered again. The move names the epoch, so a relay that was paused moves nothing when it comes back, and
 *             learns that it has lost the lane (`LeaseLost`). The move also names the server's life: a page read before a crash or a
 *             failover moves nothing (`ServerChanged`; `server.ts` says why). A relay that has lost a lane may still deliver the page it
 *             has read: as duplicates, or as first deliveries in order, because a page is delivered in order.
 *   failing   The sink does not take the page, because it is away or because it cannot take one of the events. The lane backs off and
 *             retries for ever; after some attempts it tries one event at a time. If others then go through, the sink is not away and
 *             the event is the cause.
 *
 * An event that a sink does not take is parked, and all later events of its order for this sink (and target) are parked behind it:
 *
 *   waiting   The first of the order has a time for its next attempt. It has attempts, unless it was put aside because its target is
 *             slow. It is tried beside the lane's pages, each target separately (`retries.ts`), so nobody waits for it. If the sink has
 *             just taken an event of the page and then throws at this one, this one is the cause.
 *   dead      The first of the order has attempts but no time for a next one: an operator's redrive sets it.
 *   behind    All others of the order: no attempts. Once the first has gone they go in order, and then the order is on its lane again.
 *
 * Parking and moving the cursor are one transaction, so an event is on its lane, parked or gone, and never two of these. Settling retries
 * also begins by writing the cursor: so it never overlaps with a page, and it too finds out if the lane has been lost.
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

/** Large enough that a commit for each page costs little, small enough that a crash repeats little. */
const PAGE = 1_000;

export interface LaneState extends Held {
  readonly to: Sink;
  place: Place;
  /** Failed passes in a row. */
  failures: number;
  /** False once it is known that nothing of the lane is parked: only the lane's holder parks. */
  parked: boolean;
}

export interface Pass {
  /** How many events the sink took, or no longer wants. */
  readonly delivered: number;
  /** True if there is more to read now. */
  readonly more: boolean;
  /** There were events that nobody wants, and the place after them is not stored yet. */
  readonly passedOver?: boolean;
}

/** The result of a pass, for trying the parked events. */
export interface Relayed extends Pass {
  /** The sink took an event of this page, so it is not away. */
  readonly witness: boolean;
  /** Some of the lane's events are parked. */
  readonly parked: boolean;
}

/**
 * Delivers the next page, with two statements if all goes well: one reads it, unless `polls` already have it, and one moves the cursor.
 * Throws `LeaseLost`, `ServerChanged`, or the sink's error if it takes nothing.
 */
export async function relayOnce(db: Database, lane: LaneState, polls: readonly LogPoll[] = []): Promise<Relayed> {
  const { events, next, more, parked } = await nextPage(db, lane, polls);
  const parcels = await parcelsFor(lane.to, events);
  if (parcels.length === 0) {
    // Not stored here: starting from the old place again finds nothing either, or only events that nobody wants.
    lane.place = next;
    lane.parked = parked;
    return { delivered: 0, more, parked, witness: false, passedOver: events.length > 0 };
  }

  // Unknown if this fails.
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

async function nextPage(db: Database, lane: LaneState, polls: readonly LogPoll[]): Promise<Page> {
  const wanted = { ...lane, types: lane.to.types };
  const polled = lane.parked ? undefined : pageFromPoll(polls, wanted);
  if (polled) return polled;
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
