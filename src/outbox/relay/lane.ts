import { setTimeout as rest } from 'node:timers/promises';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { settleWithin } from '../../runtime/time-limit';
import { LeaseLost, moveCursor, placeOf, readPlace } from '../log/cursors';
import type { CursorRow } from '../log/cursors';
import { LaneHealth } from './lane-health';
import { concerns } from '../log/log-poll';
import type { LogPoll } from '../log/log-poll';
import { relayOnce } from './relay-once';
import type { LaneState } from './relay-once';
import { ServerChanged } from '../log/server';
import { Retries } from './retries';
import type { Sink } from '../sink';

/** After a delivery, a lane lets events gather: the first event after a quiet time goes immediately, a stream goes in batches. */
const GATHER_MS = 50;
/** A pass runs this often even without a wake-up: parked events come due, and a poll may be lost. */
const WAKE_ANYWAY_MS = 1_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;
/** Retries that take longer to end are delivered again by the lane's next holder. */
const RETRIES_END_WITHIN_MS = 5_000;
/** How often a place is stored after events that the sink does not want: until then operators see them as lag. */
const STORE_PLACE_MS = 1_000;
/** How often it is stored while nothing happens: a place that stays back keeps old days of the log from being dropped. */
const STORE_PLACE_IDLE_MS = 60_000;
/** A lane keeps at most this many polls: if it falls further behind, it reads its own pages. */
const MOST_POLLS = 200;

/** One sink's way through one shard, for as long as this relay holds it. */
export class Lane {
  readonly state: LaneState;
  /** Settles when the lane has ended: it was stopped, another relay took it, or the server is no longer the same. */
  readonly ended: Promise<void>;
  readonly #stopping = new AbortController();
  #woken = false;
  #polls: LogPoll[] = [];
  #passedOver = false;
  #doubtful = false;
  #wakeUp: () => void = () => undefined;
  #storedAt = performance.now();
  readonly health: LaneHealth;
  readonly #retries: Retries;

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
    { sink, row }: { sink: Sink; row: CursorRow },
  ) {
    this.state = {
      sink: row.sink,
      shard: row.shard,
      epoch: row.epoch,
      life: row.life,
      to: sink,
      place: placeOf(row),
      failures: 0,
      parked: true,
    };
    this.health = new LaneHealth(db, logger, this.state);
    this.#retries = new Retries(db, this.state, {
      gone: () => this.#wake(),
      failed: (error) => void this.#retryFailed(error),
    });
    this.ended = this.#run();
  }

  /** Takes what its relay has polled; wakes the lane if there is anything for it. */
  take(poll: LogPoll): void {
    const { shard, to, life } = this.state;
    // The server has changed: the lane finds out in its next pass.
    if (poll.life !== life) return;
    if (this.#polls.length >= MOST_POLLS) this.#polls = [];
    this.#polls.push(poll);
    if (concerns(poll, shard, to.types)) this.#wake();
  }

  /** A connection was lost. The server may be another one by now: only the stored place counts. */
  doubt(): void {
    this.#doubtful = true;
  }

  /** Ends the lane after the current pass. */
  async stop(): Promise<void> {
    this.#end();
    await this.ended;
  }

  #wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  #end(): void {
    this.#stopping.abort();
    this.#wakeUp();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      while (!signal.aborted) await this.#passAndRest();
      // Only saves the next holder some reading.
      await this.#storePlace(0).catch(() => undefined);
    } catch (error) {
      if (!isOver(error)) throw error;
      this.logger.warn({ err: error }, 'a lane has ended: what it has not stored is read again');
    } finally {
      await settleWithin(RETRIES_END_WITHIN_MS, () => this.#retries.stop()).catch(() => undefined);
    }
  }

  async #passAndRest(): Promise<void> {
    try {
      this.#woken = false;
      await this.#findPlace();
      const polls = this.#polls.splice(0);
      this.health.begun();
      const { delivered, more, passedOver, parked, witness } = await relayOnce(this.db, this.state, polls);
      this.state.failures = 0;
      if (parked) await this.#retries.look(witness);
      this.health.ended({ witness, inTrouble: this.#retries.inTrouble });
      if (delivered > 0) this.#stored();
      else if (passedOver) this.#passedOver = true;
      if (more) return;
      await this.#rest(delivered > 0 ? GATHER_MS : 0);
      await this.#storePlace(this.#passedOver ? STORE_PLACE_MS : STORE_PLACE_IDLE_MS);
      if (!this.#woken) await this.#untilWoken();
    } catch (error) {
      if (isOver(error)) throw error;
      await this.#backOff(error);
    }
  }

  /** A pass that failed may have been committed, with only its acknowledgement lost. */
  async #findPlace(): Promise<void> {
    if (this.state.failures === 0 && !this.#doubtful) return;
    // Reset first, because a connection may be lost meanwhile.
    this.#doubtful = false;
    this.state.place = await readPlace(this.db, this.state);
  }

  async #backOff(error: unknown): Promise<void> {
    const { sink, shard } = this.state;
    this.health.ended({ witness: false, inTrouble: true });
    this.state.failures += 1;
    this.logger.warn({ err: error, sink, shard, failures: this.state.failures }, 'a pass failed and will be retried');
    await this.health.failed(error);
    const longest = Math.min(FIRST_BACKOFF_MS * 2 ** this.state.failures, LONGEST_BACKOFF_MS);
    // With jitter, so that a sink that comes back does not get all lanes in the same moment.
    await this.#rest(longest * (0.5 + Math.random() / 2));
  }

  async #retryFailed(error: unknown): Promise<void> {
    const { sink, shard } = this.state;
    if (isOver(error)) return this.#end();
    this.logger.warn({ err: error, sink, shard }, 'a retry failed and will be retried');
    await this.health.failed(error);
  }

  async #storePlace(olderThanMs: number): Promise<void> {
    if (performance.now() - this.#storedAt < olderThanMs) return;
    await moveCursor(this.db, this.state, { place: this.state.place, delivered: 0 });
    this.#stored();
  }

  #stored(): void {
    this.#storedAt = performance.now();
    this.#passedOver = false;
  }

  async #rest(ms: number): Promise<void> {
    // Rejects when the lane is stopped, which the loop checks anyway.
    if (ms > 0) await rest(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  /** With a plain timer: aborting `rest` would create an error with a stack for nearly every event. */
  async #untilWoken(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, WAKE_ANYWAY_MS);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Another relay has the lane, or its place is void on this server: either way a retry is pointless. */
const isOver = (error: unknown): boolean => error instanceof LeaseLost || error instanceof ServerChanged;
