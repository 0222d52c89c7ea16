import type { Redis } from 'ioredis';

const CHANNEL = 'durable-checkout:outbox';
/** Relays look at the whole log at each hint, so several within a few milliseconds are one. */
const GATHER_MS = 3;

/**
 * Tells relays that there may be new events: only a hint, sent after the commit and lost without harm, because relays look by themselves
 * as well. Without Redis it does nothing.
 */
export function hintsThrough(redis: Redis | undefined): () => void {
  let gathering = false;
  return () => {
    if (gathering || redis?.status !== 'ready') return;
    gathering = true;
    setTimeout(() => {
      gathering = false;
      redis.publish(CHANNEL, '').catch(() => undefined);
    }, GATHER_MS).unref();
  };
}

/** Calls `onHint` at each hint. The connection is the listener's own: one that listens can do nothing else. */
export function listenForHints(redis: Redis | undefined, onHint: () => void): void {
  redis?.on('message', onHint);
  // After every reconnect: what was said meanwhile, the relay has found by itself.
  redis?.on('ready', () => void redis.subscribe(CHANNEL).catch(() => undefined));
}
