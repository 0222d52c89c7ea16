/**
 * Into how many parts the log is split by order, and so how many relays can share a sink. The generated column `outbox_events.shard` has
 * the same `8`. A checkout id is a hash, so its first byte spreads orders evenly.
 */
export const SHARDS = 8;

export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

/** The shard of a checkout's events, as the column computes it. */
export const shardOf = (checkoutId: string): number => Number.parseInt(checkoutId.slice(4, 6), 16) % SHARDS;
