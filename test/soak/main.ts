import { writeFileSync } from 'node:fs';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { readOptions } from './options';
import { plotOf } from './plot';
import { reportLines } from './report-lines';
import { soak } from './soak';
import { runProgram } from '../support/run-program';

/** `npm run soak`: README.md. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const report = await soak(options, (sentence) => void process.stderr.write(`${sentence}\n`), interrupt);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportLines(report));
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
  if (options.plot !== undefined) writeFileSync(options.plot, plotOf(report));
  return report.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

runProgram(main);
