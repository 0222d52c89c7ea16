import { startTestStack } from '../../support/test-stack';
import { measure } from '../measure';
import type { Measured } from '../measure';
import { startReplayLoads } from '../replay-loads';
import type { Options } from './options';
import { installPeers } from './peers';
import { progressBar } from './progress-bar';

const AT_ONCE = 40;
const WARM_UP_SECONDS = 2;

/** Repeated requests, beside a bare Redis GET and beside an npm package that keeps answers in Redis. */
export async function measureReplays({ rounds, seconds }: Options, say: (line: string) => void): Promise<Measured[]> {
  const nodeIdempotency = installPeers();
  if (!nodeIdempotency) say('Without nodeIdempotency: its package cannot be installed here');
  const stack = await startTestStack(undefined, { RATE_LIMIT: '100000000', LOG_LEVEL: 'warn' }, [], true);
  const replays = await startReplayLoads(stack.stack, { nodeIdempotency });
  const progress = progressBar(replays.loads.length * rounds);
  const results: Measured[] = [];
  try {
    for (const load of replays.loads) await measure(load, AT_ONCE, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round += 1) {
      for (const load of replays.loads) {
        const result = await measure(load, AT_ONCE, seconds);
        results.push(result);
        progress.passed(result);
      }
    }
    return results;
  } finally {
    progress.lift();
    replays.stop();
    await stack.stop();
  }
}
