import { writeFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT } from '../../src/cli/exit-codes';
import { runChaos } from './chaos';
import { readOptions } from './options';
import { reportLines } from './report-lines';

/** `npm run chaos`: README.md. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);

  say(`Seed ${options.seed}`);
  const report = await runChaos(options, say, interrupted.signal);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportLines(report));
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
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
