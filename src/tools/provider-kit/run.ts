import { CommanderError } from 'commander';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { createOutput } from '../terminal/output';
import { Problem } from '../terminal/problem';
import type { Streams } from '../terminal/screen';
import { progressLine } from '../suite/progress-line';
import { summary, tableLines } from '../suite/show-report';
import type { KitRole } from './calls-of';
import type { OpenProvider } from './bench';
import { openProvider } from './open-provider';
import { readOptions } from './options';
import type { Options } from './options';
import { runKit } from './run-kit';

/** The whole kit without the process around it: arguments in, exit code out. */
export async function run(args: readonly string[], streams: Streams): Promise<ExitCode> {
  try {
    return await tryProvider(args, streams);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed the error or the help.
    return error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage;
  }
}

async function tryProvider(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const options = readOptions(args, streams);
  try {
    return await tryOpen(await openProvider(options.role, options.where, options.given), options, streams);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    createOutput(streams, options.json).fail(error);
    return EXIT.wrongUsage;
  }
}

async function tryOpen(
  provider: OpenProvider<KitRole>,
  { role, json }: Options,
  { stdout, stderr }: Streams,
): Promise<ExitCode> {
  const { called, close } = provider;
  const progress = progressLine(stderr);
  if (!json) stdout.write(`Provider kit: ${role} of ${called}\n\n`);
  try {
    const reports = await runKit(provider, {
      begun: (row, at, of) => progress.show(`${at + 1}/${of}  ${row} …`),
      ended: (report) => {
        progress.clear();
        if (!json) stdout.write(tableLines(report, stdout));
      },
    });

    const ok = reports.every(({ result }) => result !== 'fail');
    const tries = reports.map(({ row, ...told }) => ({ try: row, ...told }));
    stdout.write(json ? `${JSON.stringify({ ok, role, provider: called, tries })}\n` : `\n${summary(reports)}`);
    return ok ? EXIT.asPromised : EXIT.notAsPromised;
  } finally {
    await close();
  }
}
