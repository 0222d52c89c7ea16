import type { ApiClient } from './api-client';
import type { Clock } from '../terminal/clock';
import type { OnInterrupt } from '../terminal/interrupts';
import type { Output } from '../terminal/output';

/** What every command works with. */
export interface Session {
  readonly api: ApiClient;
  readonly output: Output;
  readonly clock: Clock;
  readonly onInterrupt: OnInterrupt;
  /** The options with which a printed command reaches the same API. */
  readonly reach: string;
}
