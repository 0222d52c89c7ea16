import { randomUUID } from 'node:crypto';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import type { CursorRow, Held } from '../log/cursors';
import { Lane } from './lane';
import { registerRelay, ensureCursors, leave, LEASE_MS, release, renew, take } from '../log/leases';
import { pollLog, currentMoment } from '../log/log-poll';
import type { Moment } from '../log/log-poll';
import { SinkReach } from './reach';
import { refuseForeignLog, refusePlaces } from '../log/refuse-places';
import { currentServer } from '../log/server';
import type { Server } from '../log/server';
import type { Sink } from '../sink';
import { BEGINNING } from '../log/log-reader';

/** A lease survives three failed renewals. */
const TEND_MS = LEASE_MS / 4;
/** An event waits half of this on average. A hundred polls a second that mostly find nothing cost a few percent of a core. */
const POLL_MS = 10;
/** With hints, polling only makes up for lost ones. */
const POLL_WITH_HINTS_MS = 100;
/** Both loops rest after every pass. */
const ALWAYS_REST = Number.POSITIVE_INFINITY;

export interface RelayOptions {
  readonly db: Database;
  readonly sinks: readonly Sink[];
  readonly logger: Logger;
  /** True if `look` is called when there may be new events. */
  readonly hinted?: boolean;
}

/** Carries events from the log to the sinks, on this relay's share of the lanes. `relay-once.ts` names a lane's states. */
export class Relay {
  readonly id = randomUUID();
  readonly #lanes = new Map<string, Lane>();
  readonly #sinks: ReadonlyMap<string, Sink>;
  readonly #options: RelayOptions;
  readonly #reaches: ReadonlyMap<string, SinkReach>;
  #loops: Loop[] = [];
  #seen: Moment = { snapshot: BEGINNING.snapshot, life: null };
  #server: Server | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#sinks = new Map(options.sinks.map((sink) => [sink.name, sink]));
    this.#reaches = new Map(options.sinks.map(({ name }) => [name, new SinkReach()]));
  }

  async start(): Promise<void> {
    const { db, logger, hinted = false } = this.#options;
    const pollMs = hinted ? POLL_WITH_HINTS_MS : POLL_MS;
    await refuseForeignLog(db);
    await ensureCursors(db, [...this.#sinks.values()]);
    await this.#tend();
    // Each lane reads by itself what lies before this moment.
    this.#seen = await currentMoment(db);
    this.#loops = [
      startLoop('tend-leases', () => this.#tend(), { restMs: TEND_MS, full: ALWAYS_REST, logger }),
      startLoop('outbox-poll', () => this.#poll(), { restMs: pollMs, full: ALWAYS_REST, logger }),
    ];
  }

  /** Polls now. If that fails, the next regular poll makes up for it and reports the error. */
  look(): void {
    void this.#poll().catch(() => undefined);
  }

  /** Finishes the passes in flight and gives the lanes back, so that another relay can go on immediately. */
  async stop(): Promise<void> {
    const { db } = this.#options;
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await Promise.all([...this.#lanes.values()].map((lane) => this.#giveBack(lane)));
    await leave(db, this.id);
  }

  /** Renews the leases, and takes or gives back lanes until each relay has its share of each sink that it can reach. */
  async #tend(): Promise<number> {
    const { db, logger } = this.#options;
    const sinks = [...this.#sinks.keys()];
    const server = await currentServer(db, logger, this.#server);
    this.#server = server;
    await refusePlaces(db, logger, { sinks, server });
    const unable = sinks.filter((sink) => this.#cannotReach(sink));
    const present = await registerRelay(db, this.id, { sinks, unable });
    this.#matchLanes(await renew(db, this.id, server.identity));
    for (const [sink, reach] of this.#reaches) {
      const held = this.#lanesOf(sink);
      const share = reach.share(present.get(sink) ?? { relays: 1, able: 1 }, held.length, performance.now());
      if (held.length < share) {
        const taken = await take(db, this.id, { sink, most: share - held.length });
        for (const row of taken) this.#begin(row);
      }
      // Not awaited, because the sink may be slow and the other leases must be renewed. If it fails, the next pass gives it back.
      for (const lane of held.slice(share)) void this.#giveBack(lane).catch(() => undefined);
    }
    // If this cannot be stored now, the next pass stores it.
    await Promise.all([...this.#lanes.values()].map((lane) => lane.health.watch().catch(() => undefined)));
    return this.#lanes.size;
  }

  /** As its lanes report. Logs each change; without lanes, asks the sink now and then. */
  #cannotReach(sink: string): boolean {
    const reach = this.#reaches.get(sink);
    if (!reach) return false;
    const before = reach.unable;
    reach.note(
      this.#lanesOf(sink).map((lane) => lane.health.reach),
      performance.now(),
    );
    if (reach.unable !== before) {
      this.#options.logger.warn(
        { sink, reached: before },
        before ? 'a sink can be reached again' : 'a sink cannot be reached',
      );
    }
    if (reach.isTrialDue(performance.now())) void this.#tryToReach(sink, reach);
    return reach.unable;
  }

  async #tryToReach(sink: string, reach: SinkReach): Promise<void> {
    const answered = await (this.#sinks.get(sink)?.deliver([]) ?? Promise.reject(new Error('no such sink'))).then(
      () => true,
      () => false,
    );
    reach.tried(answered, performance.now());
  }

  #lanesOf(sink: string): Lane[] {
    return [...this.#lanes.values()].filter(({ state }) => state.sink === sink);
  }

  async #poll(): Promise<number> {
    const { snapshot, life } = this.#seen;
    const poll = await pollLog(this.#options.db, snapshot).catch((error: unknown) => {
      for (const lane of this.#lanes.values()) lane.doubt();
      throw error;
    });
    this.#seen = poll;
    // Between two servers, or two lives of one, a difference means nothing.
    if (poll.life === life) for (const lane of this.#lanes.values()) lane.take(poll);
    return poll.events?.length ?? 0;
  }

  #begin(row: CursorRow): void {
    const { db, logger } = this.#options;
    // Postgres has crashed since the last check: the next pass begins the lane, after checking the places.
    if (row.life !== this.#server?.life) return;
    const sink = this.#sinks.get(row.sink);
    if (!sink) throw new Error(`There is a lease on ${row.sink}, which this relay does not have`);
    const lane = new Lane(db, logger, { sink, row });
    this.#lanes.set(keyOf(row), lane);
    void lane.ended.finally(() => {
      if (this.#lanes.get(keyOf(row)) === lane) this.#lanes.delete(keyOf(row));
    });
  }

  /**
   * A lane whose lease is gone ends at its next write, and is not awaited. A lease without a lane was granted in an answer that got lost:
   * it has just been renewed, so nobody else would ever get it.
   */
  #matchLanes(rows: readonly CursorRow[]): void {
    const held = new Map(rows.map((row) => [keyOf(row), row]));
    for (const [key, lane] of this.#lanes) if (!isSameHold(held.get(key), lane.state)) void lane.stop();
    for (const row of rows) if (!isSameHold(this.#lanes.get(keyOf(row))?.state, row)) this.#begin(row);
  }

  async #giveBack(lane: Lane): Promise<void> {
    await lane.stop();
    await release(this.#options.db, lane.state);
  }
}

const keyOf = ({ sink, shard }: { sink: string; shard: number }): string => `${sink}/${shard}`;

const isSameHold = (one: Pick<Held, 'epoch' | 'life'> | undefined, other: Pick<Held, 'epoch' | 'life'>): boolean =>
  one?.epoch === other.epoch && one.life === other.life;
