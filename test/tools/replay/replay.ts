import { PassThrough } from 'node:stream';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Failure } from '../../../src/tools/replay/outcome';
import { run } from '../../../src/tools/replay/run';
import { withServer } from '../../../src/tools/replay/with-server';
import { replayDataConverterOf } from '../../../src/payloads/data-converter';
import { inRoot } from '../../house/markdown-tables';
import { textOf } from '../../support/text-of';

/** What `npm run build` made. */
const BUILT: WorkflowBundleOption = { codePath: inRoot('dist/workflow-bundle.js') };

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run replay` in this process, and returns what a shell would have seen. */
export async function replay(
  args: readonly string[],
  { bundle = BUILT, address = '', payloadKeys = '' } = {},
): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(args, {
    stdout,
    stderr,
    worker: { workflowBundle: bundle, dataConverter: replayDataConverterOf(payloadKeys) },
    withServer: (options, work) => withServer({ address, namespace: 'default' }, options, work),
  });
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

export interface Report {
  readonly ok: boolean;
  readonly replayed: number;
  readonly failed: readonly Failure[];
}

export const reportIn = ({ stdout }: Outcome): Report => JSON.parse(stdout) as Report;
