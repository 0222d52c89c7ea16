import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Measured } from '../measure';
import { openArenas } from './arena';
import { LEGS } from './legs';
import { installPgTransactionalOutbox } from './pg-transactional-outbox';
import { plotOf } from './plot';
import { HEAD, lineOf, reportOf, tableOf } from './report';

/**
 * Compares our relay with a minimal outbox and with an npm package, in turn on one machine: `npm run bench:outbox [-- --rounds 5
 * --events 100000 --old 2000000 --json --plot FILE]`. It installs, starts and stops everything itself.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      events: { type: 'string', default: '100000' },
      old: { type: 'string', default: '2000000' },
      json: { type: 'boolean', default: false },
      plot: { type: 'string' },
    },
  });
  const [rounds, events, old] = [values.rounds, values.events, values.old].map(Number) as [number, number, number];
  const say = (line: string) => void process.stderr.write(`${line}\n`);

  say(`Starting Postgres and Valkey, and filling the log with ${old} old events`);
  installPgTransactionalOutbox();
  const arenas = await openArenas({ events, old });
  const results: Measured[] = [];
  try {
    say(HEAD);
    // The first round runs uncompiled code, and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      say(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const leg of LEGS) {
        const result = await leg.run(arenas, events);
        if (round > 0) results.push(result);
        say(lineOf(result));
      }
    }
  } finally {
    await arenas.close();
  }

  const report = reportOf(results, rounds);
  if (values.plot !== undefined) writeFileSync(values.plot, plotOf(report));
  console.log(values.json ? JSON.stringify(report) : [...tableOf(report)].join('\n'));
}

void main();
