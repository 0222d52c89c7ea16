import type { Scope } from '../domain/api-keys';
import type { Queryable } from '../postgres/database';
import { withNextAction } from './event-view';
import type { CheckoutEventView } from './event-view';
import { nextActionFor } from './next-action';
import { nextEvents } from './next-events';
import type { EventPage } from './next-events';

/** People notice no difference, and a thousand followers cost ten queries a second. */
const LOOK_EVERY_MS = 100;
/** After an error Postgres is probably restarting, which takes seconds. */
const LOOK_AGAIN_MS = 1_000;

/** Receives the events of a checkout. Nothing is queued for it: a follower that cannot keep up must drop out. */
export interface Follower {
  /** Only a merchant is also told where its customer approves. */
  readonly scope: Scope;
  /** The next events in order: at least one, none repeated, none left out. */
  next(events: readonly CheckoutEventView[]): void;
  /** The checkout has ended and its last event was handed over, or the feed is stopping. No call follows. */
  end(): void;
}

/** A follower and the last event it was given. */
interface Following {
  readonly follower: Follower;
  cursor: number;
}

/** Hands out committed events as they come: one query at a time for all followers, and none when there are no followers. */
export class EventFeed {
  readonly #followed = new Map<string, Set<Following>>();
  #looking = false;
  #stopped = false;

  constructor(
    private readonly db: Queryable,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Sends `follower` the events after number `after`, which need not exist yet. Returns an unsubscribe function, safe to call twice. */
  follow(checkoutId: string, after: number, follower: Follower): () => void {
    if (this.#stopped) {
      follower.end();
      return () => undefined;
    }
    const following = { follower, cursor: after };
    this.#followed.set(checkoutId, (this.#followed.get(checkoutId) ?? new Set()).add(following));
    this.#lookIn(LOOK_EVERY_MS);
    return () => this.#forget(checkoutId, following);
  }

  /** True if the checkout has ended and has no event after number `after`: there is nothing to follow. */
  async isOver(checkoutId: string, after: number): Promise<boolean> {
    const { rowCount } = await this.db.query(
      `select from checkouts where id = $1 and ended_at is not null and event_count <= $2`,
      [checkoutId, after],
    );
    return rowCount === 1;
  }

  /** Ends every stream. */
  stop(): void {
    this.#stopped = true;
    const everybody = [...this.#followed.values()].flatMap((followings) => [...followings]);
    this.#followed.clear();
    for (const { follower } of everybody) follower.end();
  }

  #lookIn(restMs: number): void {
    if (this.#looking || this.#followed.size === 0) return;
    this.#looking = true;
    setTimeout(() => void this.#lookAndGoOn(), restMs);
  }

  async #lookAndGoOn(): Promise<void> {
    let restMs = LOOK_AGAIN_MS;
    try {
      restMs = (await this.#look()) ? 0 : LOOK_EVERY_MS;
    } catch (error) {
      // Postgres is away. The followers lose nothing: their cursors have not moved.
      this.onError(error);
    }
    this.#looking = false;
    this.#lookIn(restMs);
  }

  /** True if there was more than fits into one poll. */
  async #look(): Promise<boolean> {
    // Every follower may have left since the poll was scheduled.
    if (this.#followed.size === 0) return false;
    const after = new Map([...this.#followed].map(([id, followings]) => [id, leastCursor(followings)]));
    const { pages, more } = await nextEvents(this.db, after);
    for (const page of pages) this.#handOut(page, after.get(page.checkoutId) ?? 0);
    return more;
  }

  #handOut({ checkoutId, events, upTo, last, ended, nextAction }: EventPage, after: number): void {
    for (const following of [...(this.#followed.get(checkoutId) ?? [])]) {
      // A follower that joined during the query and wants earlier events gets them from the next one.
      if (following.cursor < after) continue;
      const action = nextActionFor(following.follower, nextAction);
      const wanted = events.filter(({ sequence }) => sequence > following.cursor);
      following.cursor = Math.max(following.cursor, upTo);
      if (wanted.length > 0) following.follower.next(wanted.map((event) => withNextAction(event, action)));
      if (!ended || following.cursor < last) continue;
      this.#forget(checkoutId, following);
      following.follower.end();
    }
  }

  #forget(checkoutId: string, following: Following): void {
    const followings = this.#followed.get(checkoutId);
    followings?.delete(following);
    if (followings?.size === 0) this.#followed.delete(checkoutId);
  }
}

const leastCursor = (followings: ReadonlySet<Following>): number =>
  Math.min(...[...followings].map(({ cursor }) => cursor));
