/**
 * Into how many parts the log is split by order: as many relays can share a sink. It is the `8` of the generated column
 * `outbox_events.shard`; the id of a checkout is a hash, so its first byte spreads them evenly.
 */
export const SHARDS = 8;

export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

/** The shard of a checkout's events, as the column computes it. */
export const shardOf = (checkoutId: string): number => Number.parseInt(checkoutId.slice(4, 6), 16) % SHARDS;
