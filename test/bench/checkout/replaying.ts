import { startTestStack } from '../../support/test-stack';
import { measure } from '../measure';
import { startReplayLoads } from '../replay-loads';
import type { Log } from './log';
import type { Options } from './options';
import { installPeers } from './peers';
import { progressBar } from './progress-bar';

const AT_ONCE = 40;
const WARM_UP_SECONDS = 2;

/** Repeated requests, compared with a bare Redis GET and with an npm package that keeps answers in Redis. */
export async function measureReplays({ rounds, seconds }: Options, log: Log): Promise<void> {
  const nodeIdempotency = installPeers();
  if (!nodeIdempotency) log.say('Skipping nodeIdempotency: its package cannot be installed here');
  const stack = await startTestStack(undefined, { RATE_LIMIT: '100000000', LOG_LEVEL: 'warn' }, [], true);
  const replays = await startReplayLoads(stack.stack, { nodeIdempotency });
  const progress = progressBar(replays.loads.length * rounds, log.keep);
  try {
    for (const load of replays.loads) await measure(load, AT_ONCE, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round += 1) {
      for (const load of replays.loads) {
        progress.passed(await measure(load, AT_ONCE, seconds));
      }
    }
  } finally {
    progress.lift();
    replays.stop();
    await stack.stop();
  }
}
