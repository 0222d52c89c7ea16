import { writeFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT } from '../../src/cli/exit-codes';
import { readOptions } from './options';
import { plotOf } from './plot';
import { reportLines } from './report-lines';
import { soak } from './soak';

/** `npm run soak`: README.md. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  const report = await soak(options, (sentence) => void process.stderr.write(`${sentence}\n`), interrupted.signal);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportLines(report));
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
  if (options.plot !== undefined) writeFileSync(options.plot, plotOf(report));
  return report.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // Commander has printed the sentence, or the help.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage);
    console.error(error);
    process.exit(EXIT.notAsPromised);
  },
);
