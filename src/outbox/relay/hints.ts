import type { Redis } from 'ioredis';

const CHANNEL = 'durable-checkout:outbox';
/** Relays poll the whole log at each hint: the first hint after a quiet time goes immediately, later ones at most this often. */
const GATHER_MS = 25;

/**
 * Tells relays that there may be new events. It is only a hint, sent after the commit: losing it does no harm, because relays poll as well.
 * Without Redis it does nothing.
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

/** Calls `onHint` at each hint. Needs a connection of its own: a subscribed connection can do nothing else. */
export function listenForHints(redis: Redis | undefined, onHint: () => void): void {
  redis?.on('message', onHint);
  // After every reconnect. Hints that were missed do no harm: the relay polls.
  redis?.on('ready', () => void redis.subscribe(CHANNEL).catch(() => undefined));
}
