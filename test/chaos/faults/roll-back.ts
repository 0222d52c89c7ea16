import type { World } from '../world';

const AT_ONCE = 4;
/** Longer than it takes, so that nobody commits in between. */
const LULL_MS = 1_500;
const FOR_MS = 500;

/** Draws transaction ids that come to nothing. Nothing has them be kept: after a crash Postgres may hand them out again. */
async function rollBack({ db }: Pick<World, 'db'>): Promise<void> {
  const until = performance.now() + FOR_MS;
  const draw = async () => {
    while (performance.now() < until) await db.query('begin; select pg_current_xact_id(); rollback');
  };
  await Promise.all(Array.from({ length: AT_ONCE }, draw));
}

/**
 * Has `crash` follow on transactions that were rolled back, in a lull of the load: a commit would keep them. Relays read meanwhile, and so
 * come by ids that orders are given after it.
 */
export async function inALull(world: World, crash: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const { parts } = world;
  const writers = (['api', 'worker'] as const).filter((name) => parts.has(name));
  const lull = Promise.all(writers.map((name) => parts.freeze(name, LULL_MS, signal)));
  // They may be away for another reason, which is as good.
  await Promise.race([rollBack(world), lull]);
  await crash();
  await lull;
}
