import { writeFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT } from '../../../src/cli/exit-codes';
import { countLine } from '../count-line';
import { compare, RATES } from './compare';
import type { Result } from './compare';
import { CONTESTANTS } from './contestants';
import { readOptions } from './options';
import { plot } from './plot';
import { resultLines } from './result-lines';
import { buildStage } from './stage';

/** `npm run chaos:naive`: how many orders end half done where nobody took care, beside ours. */
async function main(): Promise<number> {
  const { orders, seed, json, plot: file } = readOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  const stage = await buildStage();
  const line = countLine(orders * RATES.length * CONTESTANTS.length);
  let through = 0;
  const onOrder = (what: string) => line.show((through += 1), what);
  const results = await compare(stage, { orders, seed, signal: interrupted.signal, onOrder }).finally(() => {
    line.end();
    return stage.close();
  });
  const ok = isAsPromised(results);
  process.stdout.write(json ? `${JSON.stringify({ ok, seed, results })}\n` : resultLines(results));
  if (file !== undefined) writeFileSync(file, plot(results));
  return ok ? EXIT.asPromised : EXIT.notAsPromised;
}

/** All of ours are done, and the others show that the faults were felt. */
const isAsPromised = (results: readonly Result[]): boolean =>
  results.every(({ system, done, orders, halfDone }) =>
    system === CONTESTANTS.at(-1)?.name ? done === orders : halfDone > 0,
  );

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // Commander has printed the sentence, or the help.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage);
    console.error(error);
    process.exit(EXIT.notAsPromised);
  },
);
