/** A `pg_snapshot`: which transactions it sees. */
export interface Snapshot {
  /** It sees nothing from this one on. */
  readonly xmax: bigint;
  /** What was still open below `xmax`. */
  readonly open: ReadonlySet<bigint>;
}

/** Of its text, `xmin:xmax:xip,xip,…`. */
export function parseSnapshot(text: string): Snapshot {
  const [, xmax, open] = text.split(':');
  if (xmax === undefined || open === undefined) throw new Error(`${text} is no snapshot`);
  return { xmax: BigInt(xmax), open: new Set(open === '' ? [] : open.split(',').map(BigInt)) };
}

/** As `pg_visible_in_snapshot`. */
export const sees = ({ xmax, open }: Snapshot, txid: bigint): boolean => txid < xmax && !open.has(txid);

/** Whether the one sees everything that the other one sees: of two snapshots of one server, at least one does. */
export const seesAllOf = (one: Snapshot, other: Snapshot): boolean =>
  one.xmax >= other.xmax && [...one.open].every((txid) => !sees(other, txid));
