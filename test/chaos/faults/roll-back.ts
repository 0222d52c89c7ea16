import type { World } from '../world';

const AT_ONCE = 4;
/** Longer than the rollbacks take, so that nothing commits in between. */
const LULL_MS = 1_500;
const FOR_MS = 500;

/** Draws transaction ids and rolls back. Nothing writes them to disk, so after a crash Postgres may give them out again. */
async function rollBack({ db }: Pick<World, 'db'>): Promise<void> {
  const until = performance.now() + FOR_MS;
  const draw = async () => {
    while (performance.now() < until) await db.query('begin; select pg_current_xact_id(); rollback');
  };
  await Promise.all(Array.from({ length: AT_ONCE }, draw));
}

/**
 * Calls `crash` right after transactions that were rolled back, in a lull of the load: a commit would write their ids to disk. Relays read
 * in the meantime, and so see ids that orders get again after the crash.
 */
export async function inALull(world: World, crash: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const { parts } = world;
  const writers = (['api', 'worker'] as const).filter((name) => parts.has(name));
  const lull = Promise.all(writers.map((name) => parts.freeze(name, LULL_MS, signal)));
  // They may be down for another reason, which is just as quiet.
  await Promise.race([rollBack(world), lull]);
  await crash();
  await lull;
}
