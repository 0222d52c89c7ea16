import { EXIT } from '../../src/tools/terminal/exit-codes';
import { runProgram } from '../support/run-program';
import { besideAttacks } from './beside-attacks';
import { readOptions } from './options';
import { reportLines } from './report-lines';

/** `npm run attacks`: how much another tenant notices of all attacks together. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const report = await besideAttacks(options, (sentence) => void process.stderr.write(`${sentence}\n`), interrupt);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportLines(report));
  return report.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

runProgram(main);
