import { setTimeout } from 'node:timers/promises';

/** Time as an argument, so that a test can wait a minute in no time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  rest(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-syntax -- only displayed: how long an order has been under way
  now: () => Date.now(),
  rest: (ms) => setTimeout(ms),
};
