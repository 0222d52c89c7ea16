import type { Redis } from 'ioredis';

const CHANNEL = 'durable-checkout:outbox';
/** Relays look at the whole log at each hint: the first one of a quiet time goes at once, of a stream one in this time. */
const GATHER_MS = 25;

/**
 * Tells relays that there may be new events: only a hint, sent after the commit and lost without harm, because relays look by themselves
 * as well. Without Redis it does nothing.
 */
export function hintsThrough(redis: Redis | undefined): () => void {
  let resting = false;
  let again = false;
  const hint = (): void => {
    if (redis?.status !== 'ready') return;
    again = resting;
    if (resting) return;
    redis.publish(CHANNEL, '').catch(() => undefined);
    resting = true;
    setTimeout(() => {
      resting = false;
      if (again) hint();
    }, GATHER_MS).unref();
  };
  return hint;
}

/** Calls `onHint` at each hint. The connection is the listener's own: one that listens can do nothing else. */
export function listenForHints(redis: Redis | undefined, onHint: () => void): void {
  redis?.on('message', onHint);
  // After every reconnect: what was said meanwhile, the relay has found by itself.
  redis?.on('ready', () => void redis.subscribe(CHANNEL).catch(() => undefined));
}
