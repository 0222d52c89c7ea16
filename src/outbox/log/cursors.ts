import type { Queryable } from '../../postgres/database';
import type { Place } from './log-reader';
import { SERVER_LIFE, ServerChanged } from './server';

/** A shard of a sink, and the lease under which it is relayed. */
export interface Held {
  readonly sink: string;
  readonly shard: number;
  /** Grows with each change of hands: what is written under an older one is refused. */
  readonly epoch: bigint;
  /** Of the server, see `server.ts`: what was read in it is written in it or not at all. */
  readonly life: string | null;
}

/** Another relay has the lane: this one was too slow, or stopped for a while. What it delivered is delivered again, which is allowed. */
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

/** How many events have left the lane: altogether, and a second of late. */
const counting = (delivered: string): string =>
  `delivered = delivered + ${delivered}, per_second = outbox_rate(per_second, counted_at, ${delivered}), counted_at = now()`;

/** Where the lane is, as it is written down; unless another relay has it, `LeaseLost`, or the server is no longer the same, `ServerChanged`. */
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

/** Moves the lane on, or throws as `readPlace` does. `delivered` is how many events have left the lane, parked ones excepted. */
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
  if (rowCount === 0) await sayWhyRefused(db, held);
}

async function sayWhyRefused(db: Queryable, held: Held): Promise<never> {
  await readPlace(db, held);
  throw new Error(`The cursor of shard ${held.shard} of ${held.sink} did not move, although it is held`);
}

/** Counts events that left the lane by way of parking, and with that makes sure that the lane is still ours. */
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
  if (rowCount === 0) await sayWhyRefused(db, held);
}

/** For operators: since when the lane makes no progress, and why. */
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
