import { EXIT } from '../../src/tools/terminal/exit-codes';
import { runProgram } from '../support/run-program';
import { readOptions } from './options';
import { outage } from './outage';
import { reportLines } from './report-lines';

/** `npm run outage`: README.md. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const report = await outage(options, (sentence) => void process.stderr.write(`${sentence}\n`), interrupt);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportLines(report));
  return report.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

runProgram(main);
