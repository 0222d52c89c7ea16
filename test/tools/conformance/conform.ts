import { PassThrough } from 'node:stream';
import { run } from '../../../src/tools/conformance/run';
import type { RowReport } from '../../../src/tools/suite/row';
import { textOf } from '../../support/text-of';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the suite in this process, and returns what a shell would have seen. */
export async function conform(args: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(args, { stdout, stderr });
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

export interface Report {
  readonly ok: boolean;
  readonly url: string;
  readonly rows: readonly RowReport[];
}

export const reportIn = ({ stdout }: Outcome): Report => JSON.parse(stdout) as Report;

export const failedIn = ({ rows }: Report): readonly RowReport[] => rows.filter(({ result }) => result === 'fail');
