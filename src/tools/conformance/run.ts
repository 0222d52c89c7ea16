import { CommanderError } from 'commander';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { Streams } from '../terminal/screen';
import { readOptions } from './options';
import { progressLine } from '../suite/progress-line';
import { runSuite } from './run-suite';
import { summary, tableLines } from '../suite/show-report';

/** The whole suite without the process around it: arguments in, exit code out. */
export async function run(args: readonly string[], streams: Streams): Promise<ExitCode> {
  try {
    return await conform(args, streams);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed the error or the help.
    return error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage;
  }
}

async function conform(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { json, ...suite } = readOptions(args, streams);
  const { stdout, stderr } = streams;
  const progress = progressLine(stderr);
  if (!json) stdout.write(`Idempotency-Key conformance of ${suite.url}\n\n`);

  const rows = await runSuite(suite, {
    begun: (row, at) => progress.show(`${at + 1}/${suite.rows.length}  ${row} …`),
    ended: (report) => {
      progress.clear();
      if (!json) stdout.write(tableLines(report, stdout));
    },
  });

  const ok = rows.every(({ result }) => result !== 'fail');
  stdout.write(json ? `${JSON.stringify({ ok, url: suite.url, rows })}\n` : `\n${summary(rows)}`);
  return ok ? EXIT.asPromised : EXIT.notAsPromised;
}
