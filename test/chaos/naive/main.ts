import { writeFileSync } from 'node:fs';
import { EXIT } from '../../../src/tools/terminal/exit-codes';
import { countLine } from '../../support/count-line';
import { compare, RATES } from './compare';
import type { Result } from './compare';
import { CONTESTANTS } from './contestants';
import { readOptions } from './options';
import { plot } from './plot';
import { resultLines } from './result-lines';
import { buildStage } from './stage';
import { runProgram } from '../../support/run-program';

/** `npm run chaos:naive`: counts the orders that end half done in ordinary checkouts and in ours. */
async function main(interrupt: AbortSignal): Promise<number> {
  const { orders, seed, json, plot: file } = readOptions(process.argv.slice(2));
  const stage = await buildStage();
  const line = countLine(orders * RATES.length * CONTESTANTS.length);
  let through = 0;
  const onOrder = (what: string) => line.show((through += 1), what);
  const results = await compare(stage, { orders, seed, signal: interrupt, onOrder }).finally(() => {
    line.end();
    return stage.close();
  });
  const ok = isAsPromised(results);
  process.stdout.write(json ? `${JSON.stringify({ ok, seed, results })}\n` : resultLines(results));
  if (file !== undefined) writeFileSync(file, plot(results));
  return ok ? EXIT.asPromised : EXIT.notAsPromised;
}

/** All of our orders are done, and the others show that the faults had an effect. */
const isAsPromised = (results: readonly Result[]): boolean =>
  results.every(({ system, done, orders, halfDone }) =>
    system === CONTESTANTS.at(-1)?.name ? done === orders : halfDone > 0,
  );

runProgram(main);
