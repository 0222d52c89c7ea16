import { Client } from 'pg';
import { STEPS } from '../../../src/domain/steps';
import { eventually } from '../../support/eventually';
import { openArena } from './arena';
import type { Arena } from './arena';
import { nameAt } from './circumstances';
import { fillFinished, prepareFill } from './finished-orders';
import type { Log } from './log';
import type { Options } from './options';
import { progressBar } from './progress-bar';
import { runRounds } from './rounds';

const AT_ONCE = 40;

/**
 * Ours with more and more finished orders in Postgres. Sizes cannot be measured in turn, so the empty workflow, which does not use Postgres,
 * is measured beside each, and ratios are ours over it.
 */
export async function measureGrowth(options: Options, log: Log): Promise<void> {
  const arena = await openArena(['http', 'empty'], log.say);
  const client = new Client({ connectionString: arena.stack.postgres });
  const progress = progressBar(options.grown.length * options.rounds * arena.contestants.size, log.keep);
  try {
    await client.connect();
    let filled = 0;
    // The fill copies the request of the first order.
    await runRounds(arena, { rounds: 1, seconds: 1, concurrencies: [1] }, () => undefined);
    await prepareFill(client, STEPS);
    for (const size of options.grown) {
      log.say(`Filling Postgres with finished orders, up to ${size}`);
      await withoutRelay(arena, () => fillFinished(client, filled + 1, size));
      filled = size;
      const plan = { rounds: options.rounds, seconds: options.seconds, concurrencies: [AT_ONCE] };
      await runRounds(arena, plan, (result) => progress.passed({ ...result, system: nameAt(result.system, size) }));
    }
  } finally {
    progress.lift();
    await client.end();
    await arena.close();
  }
}

/** The relay would deliver the filled events. It is killed after the fill, so that the one the supervisor starts reads the new cursors. */
async function withoutRelay(arena: Arena, work: () => Promise<void>): Promise<void> {
  const { relay = 0 } = arena.pids();
  process.kill(relay, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(relay, 'SIGKILL');
  }
  await eventually(() => (arena.pids().relay === relay ? undefined : true));
}
