import { CommanderError } from 'commander';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { printable } from '../terminal/printable';
import type { Streams } from '../terminal/screen';
import type { Source } from './candidate';
import { readOptions } from './options';
import type { ServerOptions } from './options';
import type { Outcome } from './outcome';
import { recordedHistories } from './recorded-histories';
import { replayHistories } from './replay-histories';
import { answer, reportTo } from './report';
import { SourceUnavailable } from './source-unavailable';

export interface Surroundings extends Streams {
  /** The code to replay against, and how to read payloads. */
  readonly worker: ReplayWorkerOptions;
  /** Opens the histories of a live server, passes them to `work`, and disconnects. */
  readonly withServer: <T>(options: ServerOptions, work: (source: Source) => Promise<T>) => Promise<T>;
}

/** All of `npm run replay` except the process around it: arguments in, exit code out. */
export async function run(
  args: readonly string[],
  { worker, withServer, ...streams }: Surroundings,
): Promise<ExitCode> {
  try {
    const options = readOptions(args, streams);
    const work = (source: Source) => replay(source, reportTo(streams, source, options.json));
    return options.from === 'directory' ? await work(recordedHistories(options.dir)) : await withServer(options, work);
  } catch (error) {
    // Commander has printed the error or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage;
    if (!(error instanceof SourceUnavailable)) throw error;
    streams.stderr.write(`${printable(error.message)}\n`);
    if (args.includes('--json')) streams.stdout.write(answer(false, 0, []));
    return error.code;
  }

  async function replay({ candidates }: Source, report: ReturnType<typeof reportTo>): Promise<ExitCode> {
    const outcomes: Outcome[] = [];
    try {
      for await (const outcome of replayHistories(worker, candidates)) {
        outcomes.push(outcome);
        report.passed(outcome);
      }
    } finally {
      report.lift();
    }
    return report.end(outcomes) ? EXIT.asPromised : EXIT.notAsPromised;
  }
}
