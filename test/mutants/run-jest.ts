import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInTree } from '../support/tree-process';

/** What came of one test file. */
export interface TestRun {
  readonly verdict: 'green' | 'red' | 'did-not-run';
  readonly failedTests: readonly string[];
  /** Why it did not run, in Jest's words. */
  readonly complaint: string;
}

/** What Jest writes with `--json`, as far as it is read here. */
interface JestReport {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Longer than any one file takes, servers included: a run that gets here hangs. */
const LONGEST_MS = 15 * 60_000;

/** Runs one test file of a tree that was built, with the servers of its kind. */
export async function runJestIn(tree: string, file: string, signal: AbortSignal): Promise<TestRun> {
  const report = path.join(tree, 'jest-report.json');
  const program = path.join(tree, 'node_modules/jest/bin/jest.js');
  const args = [...argumentsFor(file), '--json', `--outputFile=${report}`];
  // Exit codes say less than the report does.
  const { stderr: complaint } = await runInTree(
    tree,
    [process.execPath, program, ...args],
    AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
  );
  if (!existsSync(report)) return { verdict: 'did-not-run', failedTests: [], complaint };
  return judge(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}

/** A suite that could not be loaded has no failed test: it did not look at anything. */
export function judge(report: JestReport): TestRun {
  const failedTests = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
  const ran = report.numRuntimeErrorTestSuites === 0 && report.numFailedTests + report.numPassedTests > 0;
  const complaint = ran ? '' : report.testResults.map(({ message }) => message).join('\n');
  return { verdict: !ran ? 'did-not-run' : failedTests.length > 0 ? 'red' : 'green', failedTests, complaint };
}

/** `test/outbox/lag.int.test.ts` is of the kind `int`. */
export const kindOf = (file: string): string => path.basename(file).split('.').at(-3) ?? '';

const argumentsFor = (file: string): string[] => [
  ...['--ci', '--selectProjects', kindOf(file), '--runTestsByPath', file],
  // What a mutant leaves open must not keep the run from its end.
  '--forceExit',
  // A fix that keeps something from hanging leaves a test that hangs: it is alone on the machine.
  '--testTimeout=120000',
  // Goes with the tree, instead of filling the machine's own.
  '--cacheDirectory=.jest-cache',
];
