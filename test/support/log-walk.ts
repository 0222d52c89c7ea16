import { BEGINNING, readPage } from '../../src/outbox/log/log-reader';
import type { Place } from '../../src/outbox/log/log-reader';
import type { LogPoll } from '../../src/outbox/log/log-poll';
import { pageFromPoll } from '../../src/outbox/log/page-from-poll';
import type { Queryable } from '../../src/postgres/database';
import { nameOf } from './outbox-world';

/** A reader of one shard that stores its cursor like a lane, and may crash. */
export class LogWalk {
  /** `<checkout>/<sequence>` of everything that was delivered, with duplicates. */
  readonly delivered: string[] = [];
  place: Place;
  #written: Place;
  readonly #polls: LogPoll[] = [];

  constructor(
    private readonly db: Queryable,
    { shard = 0, from = BEGINNING, types }: { shard?: number; from?: Place; types?: readonly string[] } = {},
  ) {
    this.place = from;
    this.#written = from;
    this.#shard = shard;
    this.#types = types;
  }
  readonly #shard: number;
  readonly #types: readonly string[] | undefined;

  /** What a relay has read for all of its lanes. */
  take(poll: LogPoll): void {
    this.#polls.push(poll);
  }

  /** Delivers a page. If it `dies` before the cursor is stored, the page will be delivered again. */
  async read(limit = 100, { dies = false } = {}): Promise<string[]> {
    const wanted = { shard: this.#shard, place: this.place, types: this.#types };
    const page = pageFromPoll(this.#polls.splice(0), wanted) ?? (await readPage(this.db, { ...wanted, limit }));
    const names = page.events.map(nameOf);
    this.delivered.push(...names);
    this.place = dies ? this.#written : page.next;
    if (!dies && names.length > 0) this.#written = page.next;
    return names;
  }

  crash(): void {
    this.place = this.#written;
  }

  /** First deliveries, in order. */
  get firsts(): string[] {
    return [...new Set(this.delivered)];
  }
}

/** The cursor of a reader that has read everything so far. */
export async function placeNow(db: Queryable): Promise<Place> {
  const { rows } = await db.query<{ snapshot: string }>(`select pg_current_snapshot()::text as snapshot`);
  return { snapshot: rows[0]?.snapshot ?? '', within: null };
}
