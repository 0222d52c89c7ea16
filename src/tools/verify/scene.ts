import type { Database } from '../../postgres/database';
import type { Connections } from './connections';

/** What every check gets: where to look, and as of when. */
export interface Scene {
  readonly db: Database;
  readonly connections: Connections;
  /** By the clock of Postgres, before anything was read. */
  readonly asOf: Date;
  /** What happened less than this before `asOf` may not have had its consequences yet. */
  readonly settleMs: number;
  /** How many of the newest to check where each takes a call or more. */
  readonly sample: number;
  /** True if items that wait for an operator are no violation. */
  readonly attentionExpected: boolean;
}

export const settledBefore = ({ asOf, settleMs }: Pick<Scene, 'asOf' | 'settleMs'>): number =>
  asOf.getTime() - settleMs;
