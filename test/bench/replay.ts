import { parseArgs } from 'node:util';
import { startTestStack } from '../support/test-stack';
import { machine, measure, ratio } from './measure';
import type { Measured } from './measure';
import { startReplayLoads } from './replay-loads';

/**
 * Compares replays per second with a bare route that does one Redis GET, in turn on one machine: `npm run bench:replay [-- --rounds 5
 * --seconds 5 --concurrency 10 --json]`. It starts and stops everything itself.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      concurrency: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  });
  const [rounds, seconds, concurrency] = [values.rounds, values.seconds, values.concurrency].map(Number) as [
    number,
    number,
    number,
  ];
  const say = (line: string) => void process.stderr.write(`${line}\n`);

  say('Starting the stack and the yardstick');
  const stack = await startTestStack(undefined, { RATE_LIMIT: '100000000' });
  const replays = await startReplayLoads(stack.stack, { nodeIdempotency: false });
  const results: Measured[] = [];
  try {
    for (const load of replays.loads) await measure(load, concurrency, 3);
    for (let round = 1; round <= rounds; round += 1) {
      for (const load of replays.loads) {
        const result = await measure(load, concurrency, seconds);
        results.push(result);
        say(
          `round ${round}/${rounds}  ${load.system.padEnd(9)} ${String(result.perSecond).padStart(6)}/s  p50 ${result.p50Ms} ms  p99 ${result.p99Ms} ms`,
        );
      }
    }
  } finally {
    replays.stop();
    await stack.stop();
  }

  const of = (system: string) => results.filter((result) => result.system === system);
  const report = { machine: machine(), rounds, results, ratios: { redisGet: ratio(of('replay'), of('redisGet')) } };
  const { min, median, max } = report.ratios.redisGet;
  console.log(
    values.json
      ? JSON.stringify(report)
      : `Replays over bare Redis GET: ${median} (min ${min}, max ${max}), ${report.machine}`,
  );
}

void main();
