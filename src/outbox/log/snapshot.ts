/** Which transactions a `pg_snapshot` sees. */
export interface Snapshot {
  /** The first transaction id that it does not see, nor any later one. */
  readonly xmax: bigint;
  /** The transactions below `xmax` that were still open. */
  readonly open: ReadonlySet<bigint>;
}

/** Parses `xmin:xmax:xip,xip,…`. */
export function parseSnapshot(text: string): Snapshot {
  const [, xmax, open] = text.split(':');
  if (xmax === undefined || open === undefined) throw new Error(`${text} is not a snapshot`);
  return { xmax: BigInt(xmax), open: new Set(open === '' ? [] : open.split(',').map(BigInt)) };
}

/** The same as `pg_visible_in_snapshot`. */
export const sees = ({ xmax, open }: Snapshot, txid: bigint): boolean => txid < xmax && !open.has(txid);

/** Whether one snapshot sees everything that the other sees: of two snapshots of one server, at least one does. */
export const seesAllOf = (one: Snapshot, other: Snapshot): boolean =>
  one.xmax >= other.xmax && [...one.open].every((txid) => !sees(other, txid));
