import { PassThrough } from 'node:stream';
import { run } from '../../../src/tools/provider-kit/run';
import type { RowResult } from '../../../src/tools/suite/row';
import { textOf } from '../../support/text-of';

export interface Tried {
  readonly try: string;
  readonly result: RowResult;
  readonly ms: number;
  readonly detail: string;
}

/** Of the sandbox, for every try of payments. */
export const TOKENS = [
  ...['--declined-token', 'tok_declined', '--pending-token', 'tok_pending'],
  ...['--customer-token', 'tok_3ds', '--approve-suffix', '/approve'],
];

/** Runs the kit in this process, and returns what a shell would have seen. */
export async function kit(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(args, { stdout, stderr });
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

export const triesIn = (stdout: string): Tried[] => (JSON.parse(stdout) as { tries: Tried[] }).tries;

const detailsOf = (wanted: RowResult, stdout: string): Record<string, string> =>
  Object.fromEntries(
    triesIn(stdout).flatMap(({ try: name, result, detail }) => (result === wanted ? [[name, detail]] : [])),
  );

/** The tries that failed, each with what is wrong. */
export const failedIn = (stdout: string) => detailsOf('fail', stdout);

const ONLY_OVER_HTTP = 'an adapter makes only right calls, so this is tried with --url';

/** What no adapter in this process can be tried for. */
export const UNOBSERVED_IN_PROCESS = {
  presence: ONLY_OVER_HTTP,
  signature: ONLY_OVER_HTTP,
  'what is not a call': ONLY_OVER_HTTP,
};

/** Why payments that are not decided at once cannot be tried where there are none. */
export const ASKS_NOBODY = 'give --customer-token, of a payment that the customer has to approve';
export const TAKES_NO_TIME = 'give --pending-token, of a payment that the provider decides later';

/** The tries that could not be made, each with the reason. */
export const unobservedIn = (stdout: string) => detailsOf('not-observable', stdout);
