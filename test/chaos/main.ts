import { writeFileSync } from 'node:fs';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { runChaos } from './chaos';
import { howToLook } from './how-to-look';
import { readOptions } from './options';
import { reportLines } from './report-lines';
import { runProgram } from '../support/run-program';

/** `npm run chaos`: README.md. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);

  say(`Seed ${options.seed}`);
  const report = await runChaos(options, say, interrupt);
  if (options.json && !report.ok) process.stderr.write(reportLines(report));
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportLines(report));
  if (report.kept !== null) process.stderr.write(howToLook(report.kept));
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
  return report.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

runProgram(main);
