import { writeFileSync } from 'node:fs';
import { measureAccepting } from './accepting';
import { openArena } from './arena';
import { measureEndurance } from './enduring';
import { measureGrowth } from './growing';
import type { Log } from './log';
import type { Measured } from '../measure';
import type { Options, Part } from './options';
import { optionsOf } from './options';
import { installPeers } from './peers';
import { plotOf } from './plot';
import { progressBar } from './progress-bar';
import { measureReplays } from './replaying';
import { reportOf, tableOf } from './report';
import { runRounds } from './rounds';
import type { System } from './system';

const PEERS: readonly System[] = ['dbos', 'restate'];
const WRONG_USAGE = 2;

type Measure = (options: Options, log: Log) => Promise<void>;

const PARTS: Readonly<Record<Part, Measure>> = {
  accept: measureAccepting,
  replay: measureReplays,
  growth: measureGrowth,
  memory: measureEndurance,
};

const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * Compares checkouts with the alternatives, in turn on one machine: `npm run bench [-- --concurrency 40 --rounds 3 --seconds 10 --only
 * http,naive --json --plot FILE]`. It installs, starts and stops everything itself. If a part fails, the results before it are kept and
 * the parts after it still run; the exit code is then 1.
 */
async function main(options: Options): Promise<void> {
  const results: Measured[] = [];
  const log = { say, keep: (result: Measured) => void results.push(result) };
  const parts: [string, Measure][] = options.parts.map((part) => [part, PARTS[part]]);
  if (options.systems.length > 0) parts.unshift(['systems', measureSystems]);
  for (const [name, part] of parts) {
    await part(options, log).catch((error: unknown) => {
      say(`The rest of ${name} is skipped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    });
  }
  const report = reportOf(results, options.rounds);
  if (options.plot !== undefined) writeFileSync(options.plot, plotOf(report));
  console.log(options.json ? JSON.stringify(report) : [...tableOf(report)].join('\n'));
}

async function measureSystems({ rounds, seconds, concurrencies, systems }: Options, log: Log): Promise<void> {
  say(`Starting the servers for ${systems.join(', ')}`);
  const arena = await openArena(withoutMissingPeers(systems), say);
  const progress = progressBar(arena.contestants.size * rounds * concurrencies.length, log.keep);
  try {
    await runRounds(arena, { rounds, seconds, concurrencies }, progress.passed);
  } finally {
    progress.lift();
    await arena.close();
  }
}

function withoutMissingPeers(systems: readonly System[]): readonly System[] {
  if (!systems.some((system) => PEERS.includes(system)) || installPeers()) return systems;
  say(`Skipping ${PEERS.join(' and ')}: their packages cannot be installed here`);
  return systems.filter((system) => !PEERS.includes(system));
}

function readOptions(): Options {
  try {
    return optionsOf(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(WRONG_USAGE);
  }
}

void main(readOptions());
