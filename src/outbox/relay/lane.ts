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

/** A lane that has just delivered lets the next events gather: the first one of a quiet time goes at once, a stream in batches. */
const GATHER_MS = 50;
/** Looked after without a wake-up: parked events come due, and a pulse may be missed. */
const LOOK_ANYWAY_MS = 1_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;
/** Retries that take longer to end are delivered again by whoever has the lane then. */
const RETRIES_END_WITHIN_MS = 5_000;
/** A place that has nothing to hand on behind it is written down this often: operators see it as a lag until then. */
const WRITE_DOWN_MS = 1_000;
/** Where nothing has happened at all: a place that stays behind keeps old days of the log from being dropped. */
const WRITE_DOWN_IDLE_MS = 60_000;
/** Of pulses that it has not come to, a lane keeps so many: behind, it reads pages of its own. */
const MOST_PULSES = 200;

/** One sink's way through one shard, for as long as this relay holds it. */
export class Lane {
  readonly state: LaneState;
  /** Settles when the lane has ended: stopped, lost to another relay, or begun on a server that is no longer the same. */
  readonly ended: Promise<void>;
  readonly #stopping = new AbortController();
  #woken = false;
  #pulses: LogPoll[] = [];
  #passedOver = false;
  #doubtful = false;
  #wakeUp: () => void = () => undefined;
  #writtenAt = performance.now();
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

  /** What its relay has found; wakes the lane if that is anything for it. */
  take(pulse: LogPoll): void {
    const { shard, to, life } = this.state;
    // The server has changed: the lane learns that when it looks for itself.
    if (pulse.life !== life) return;
    if (this.#pulses.length >= MOST_PULSES) this.#pulses = [];
    this.#pulses.push(pulse);
    if (concerns(pulse, shard, to.types)) this.#wake();
  }

  /** A connection was lost. The server may be another one by now: only what is written down counts. */
  doubt(): void {
    this.#doubtful = true;
  }

  /** Ends the lane after the pass that is running. */
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
      await this.#writeDown(0).catch(() => undefined);
    } catch (error) {
      if (!isOver(error)) throw error;
      this.logger.warn({ err: error }, 'a lane has ended: what it has not written down is read again');
    } finally {
      await settleWithin(RETRIES_END_WITHIN_MS, () => this.#retries.stop()).catch(() => undefined);
    }
  }

  async #passAndRest(): Promise<void> {
    try {
      this.#woken = false;
      await this.#findPlace();
      const pulses = this.#pulses.splice(0);
      this.health.begun();
      const { delivered, more, passedOver, parked, witness } = await relayOnce(this.db, this.state, pulses);
      this.state.failures = 0;
      if (parked) await this.#retries.look(witness);
      this.health.ended({ witness, inTrouble: this.#retries.inTrouble });
      if (delivered > 0) this.#written();
      else if (passedOver) this.#passedOver = true;
      if (more) return;
      await this.#rest(delivered > 0 ? GATHER_MS : 0);
      await this.#writeDown(this.#passedOver ? WRITE_DOWN_MS : WRITE_DOWN_IDLE_MS);
      if (!this.#woken) await this.#untilWoken();
    } catch (error) {
      if (isOver(error)) throw error;
      await this.#backOff(error);
    }
  }

  /** The commit of a pass that failed may be there, only its acknowledgement not. */
  async #findPlace(): Promise<void> {
    if (this.state.failures === 0 && !this.#doubtful) return;
    // Taken back first: a connection may be lost meanwhile.
    this.#doubtful = false;
    this.state.place = await readPlace(this.db, this.state);
  }

  async #backOff(error: unknown): Promise<void> {
    const { sink, shard } = this.state;
    this.health.ended({ witness: false, inTrouble: true });
    this.state.failures += 1;
    this.logger.warn({ err: error, sink, shard, failures: this.state.failures }, 'a pass failed and is tried again');
    await this.health.failed(error);
    const longest = Math.min(FIRST_BACKOFF_MS * 2 ** this.state.failures, LONGEST_BACKOFF_MS);
    // Not all lanes at once: a sink that comes back should not be met by all of them in the same moment.
    await this.#rest(longest * (0.5 + Math.random() / 2));
  }

  async #retryFailed(error: unknown): Promise<void> {
    const { sink, shard } = this.state;
    if (isOver(error)) return this.#end();
    this.logger.warn({ err: error, sink, shard }, 'a retry failed and is tried again');
    await this.health.failed(error);
  }

  async #writeDown(olderThanMs: number): Promise<void> {
    if (performance.now() - this.#writtenAt < olderThanMs) return;
    await moveCursor(this.db, this.state, { place: this.state.place, delivered: 0 });
    this.#written();
  }

  #written(): void {
    this.#writtenAt = performance.now();
    this.#passedOver = false;
  }

  async #rest(ms: number): Promise<void> {
    // Rejects when the lane is stopped, which is what the loop looks at anyway.
    if (ms > 0) await rest(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  /** By a timer of its own: an abort makes an error with a trace, and this happens with nearly each event. */
  async #untilWoken(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_ANYWAY_MS);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The lane is another relay's, or its place is worth nothing on this server: either way it is not ours to try again. */
const isOver = (error: unknown): boolean => error instanceof LeaseLost || error instanceof ServerChanged;
