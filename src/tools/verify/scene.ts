import type { Database } from '../../postgres/database';
import type { Connections } from './connections';

/** What every check is given: where to look, and what is to be true of it. */
export interface Scene {
  readonly db: Database;
  readonly places: Connections;
  /** By Postgres' clock, before anything was looked at. */
  readonly asOf: Date;
  /** What happened less than this before `asOf` may still have its consequences ahead. */
  readonly settleMs: number;
  /** The newest of so many are looked at where looking at each takes a call or more. */
  readonly sample: number;
  /** That something waits for operators is no surprise. */
  readonly attentionExpected: boolean;
}

export const settledBefore = ({ asOf, settleMs }: Pick<Scene, 'asOf' | 'settleMs'>): number =>
  asOf.getTime() - settleMs;
