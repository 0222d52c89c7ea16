import { randomUUID } from 'node:crypto';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import type { CursorRow, Held } from '../log/cursors';
import { Lane } from './lane';
import { bePresent, ensureCursors, leave, LEASE_MS, release, renew, take } from '../log/leases';
import { pollLog, thisMoment } from '../log/log-poll';
import type { Moment } from '../log/log-poll';
import { SinkReach } from './reach';
import { refuseForeignLog, refusePlaces } from '../log/refuse-places';
import { meetServer } from '../log/server';
import type { Server } from '../log/server';
import type { Sink } from '../sink';
import { BEGINNING } from '../log/log-reader';

/** A lease survives three attempts that fail. */
const TEND_MS = LEASE_MS / 4;
/** Half of it is what an event waits for on average: a hundred looks a second that mostly find nothing cost a few percent of a core. */
const PULSE_MS = 10;
/** Where hints come, this is for those that are lost. */
const PULSE_BESIDE_HINTS_MS = 100;
/** Every pass is worth a rest. */
const ALWAYS_REST = Number.POSITIVE_INFINITY;

export interface RelayOptions {
  readonly db: Database;
  readonly sinks: readonly Sink[];
  readonly logger: Logger;
  /** True if somebody calls `look` when there is something to do. */
  readonly hinted?: boolean;
}

/** Carries events from the log to the sinks, as many lanes as are its share among all relays. The state page is in `relay-once.ts`. */
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
    const pulseMs = hinted ? PULSE_BESIDE_HINTS_MS : PULSE_MS;
    await refuseForeignLog(db);
    await ensureCursors(db, [...this.#sinks.values()]);
    await this.#tend();
    // What lies before this moment, each lane finds by itself when it begins.
    this.#seen = await thisMoment(db);
    this.#loops = [
      startLoop('tend-leases', () => this.#tend(), { restMs: TEND_MS, full: ALWAYS_REST, logger }),
      startLoop('outbox-pulse', () => this.#pulse(), { restMs: pulseMs, full: ALWAYS_REST, logger }),
    ];
  }

  /** There may be something new. A look that fails is made good by the next pulse, which also reports what is wrong. */
  look(): void {
    void this.#pulse().catch(() => undefined);
  }

  /** Finishes the passes that run, and gives its lanes back, so that another relay can go on at once. */
  async stop(): Promise<void> {
    const { db } = this.#options;
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await Promise.all([...this.#lanes.values()].map((lane) => this.#giveBack(lane)));
    await leave(db, this.id);
  }

  /** Keeps the leases, and takes or gives back lanes until each relay has its share of each sink that it can reach. */
  async #tend(): Promise<number> {
    const { db, logger } = this.#options;
    const sinks = [...this.#sinks.keys()];
    const server = await meetServer(db, logger, this.#server);
    this.#server = server;
    await refusePlaces(db, logger, { sinks, server });
    const unable = sinks.filter((sink) => this.#cannotReach(sink));
    const present = await bePresent(db, this.id, { sinks, unable });
    this.#matchLanes(await renew(db, this.id, server.identity));
    for (const [sink, reach] of this.#reaches) {
      const held = this.#lanesOf(sink);
      const share = reach.share(present.get(sink) ?? { relays: 1, able: 1 }, held.length, performance.now());
      if (held.length < share) {
        const taken = await take(db, this.id, { sink, most: share - held.length });
        for (const row of taken) this.#begin(row);
      }
      // Not waited for, because its sink may be slow and the other leases must be kept. One that fails is given back next time.
      for (const lane of held.slice(share)) void this.#giveBack(lane).catch(() => undefined);
    }
    // Postgres is told by the next look, if it does not hear of it now.
    await Promise.all([...this.#lanes.values()].map((lane) => lane.health.watch().catch(() => undefined)));
    return this.#lanes.size;
  }

  /** As its lanes say; tells of each change, and asks the sink now and then once it has none left. */
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
        before ? 'a sink is reached again' : 'a sink cannot be reached',
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

  async #pulse(): Promise<number> {
    const { snapshot, life } = this.#seen;
    const pulse = await pollLog(this.#options.db, snapshot).catch((error: unknown) => {
      for (const lane of this.#lanes.values()) lane.doubt();
      throw error;
    });
    this.#seen = pulse;
    // A difference between two servers, or two lives of one, is none.
    if (pulse.life === life) for (const lane of this.#lanes.values()) lane.take(pulse);
    return pulse.events?.length ?? 0;
  }

  #begin(row: CursorRow): void {
    const { db, logger } = this.#options;
    // Postgres has crashed since we met it: next time, when the places have been looked at.
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
   * A lane whose lease is gone ends at its next write: it is not waited for. A lease without a lane was granted in an answer that got lost:
   * it has been prolonged just now, and nobody else would ever get it.
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
