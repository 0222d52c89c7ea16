import type { Queryable } from '../../postgres/database';
import type { Place } from './log-reader';
import { SERVER_LIFE, ServerChanged } from './server';

/** A sink's lane through one shard, and the relay's lease on it. */
export interface Held {
  readonly sink: string;
  readonly shard: number;
  /** Incremented each time the lane changes hands: writes with an older epoch are refused. */
  readonly epoch: bigint;
  /** The server's life, see `server.ts`: a page is committed in the life in which it was read, or not at all. */
  readonly life: string | null;
}

/** Another relay has the lane, because this one was too slow or paused. Its last page is delivered again, which is allowed. */
export class LeaseLost extends Error {
  constructor({ sink, shard }: Held) {
    super(`Another relay has taken shard ${shard} of ${sink}`);
    this.name = 'LeaseLost';
  }
}

export interface CursorRow {
  sink: string;
  shard: number;
  epoch: bigint;
  life: string | null;
  snapshot: string;
  target: string | null;
  txid: string | null;
  position: bigint | null;
}

/** The columns of `CursorRow`. */
export const CURSOR_COLUMNS = `sink, shard, epoch, ${SERVER_LIFE} as life,
  snapshot::text, target::text, after_txid as txid, after_position as position`;

export const placeOf = ({ snapshot, target, txid, position }: CursorRow): Place =>
  target === null || txid === null || position === null
    ? { snapshot, within: null }
    : { snapshot, within: { target, txid: BigInt(txid), position } };

/** How many events have left the lane: in total, and lately per second. */
const counting = (delivered: string): string =>
  `delivered = delivered + ${delivered}, per_second = outbox_rate(per_second, counted_at, ${delivered}), counted_at = now()`;

/** The lane's stored place. Throws `LeaseLost` if another relay has the lane, and `ServerChanged` if the server is no longer the same. */
export async function readPlace(db: Queryable, held: Held): Promise<Place> {
  const { rows } = await db.query<CursorRow>(
    `select ${CURSOR_COLUMNS} from outbox_cursors where sink = $1 and shard = $2 and epoch = $3`,
    [held.sink, held.shard, held.epoch],
  );
  const [row] = rows;
  if (!row) throw new LeaseLost(held);
  if (row.life !== held.life) throw new ServerChanged(held);
  return placeOf(row);
}

/** Moves the cursor, or throws as `readPlace` does. `delivered` is how many events have left the lane, not counting parked ones. */
export async function moveCursor(db: Queryable, held: Held, to: { place: Place; delivered: number }): Promise<void> {
  const { snapshot, within } = to.place;
  const { rowCount } = await db.query(
    `update outbox_cursors
        set snapshot = $4, target = $5, after_txid = $6, after_position = $7,
            ${counting('$8')}, moved_at = now(), failing_since = null, failure = null
      where sink = $1
        and shard = $2
        and epoch = $3
        and ${SERVER_LIFE} = $9`,
    [
      ...[held.sink, held.shard, held.epoch],
      ...[snapshot, within?.target ?? null, within?.txid ?? null, within?.position ?? null],
      ...[to.delivered, held.life],
    ],
  );
  if (rowCount === 0) await throwWhyRefused(db, held);
}

async function throwWhyRefused(db: Queryable, held: Held): Promise<never> {
  await readPlace(db, held);
  throw new Error(`The cursor of shard ${held.shard} of ${held.sink} did not move, although it is held`);
}

/** Counts parked events that have now left the lane, and so makes sure that the lane is still ours. */
export async function countDelivered(db: Queryable, held: Held, delivered: number): Promise<void> {
  const { rowCount } = await db.query(
    `update outbox_cursors
        set ${counting('$4')}
      where sink = $1
        and shard = $2
        and epoch = $3
        and ${SERVER_LIFE} = $5`,
    [held.sink, held.shard, held.epoch, delivered, held.life],
  );
  if (rowCount === 0) await throwWhyRefused(db, held);
}

/** For operators: since when the lane has been failing, and why. */
export async function noteFailure(db: Queryable, { sink, shard, epoch }: Held, failure: string): Promise<void> {
  await db.query(
    `update outbox_cursors
        set failing_since = coalesce(failing_since, now()), failure = $4
      where sink = $1
        and shard = $2
        and epoch = $3`,
    [sink, shard, epoch, failure.slice(0, LONGEST_FAILURE)],
  );
}

const LONGEST_FAILURE = 500;
