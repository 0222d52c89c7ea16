import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInTree } from '../support/tree-process';

/** The result of one test file. */
export interface TestRun {
  readonly verdict: 'green' | 'red' | 'did-not-run';
  readonly failedTests: readonly string[];
  /** Why it did not run, in Jest's words. */
  readonly complaint: string;
}

/** The part of Jest's `--json` report that is read here. */
interface JestReport {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Longer than any single file takes, servers included: a longer run hangs. */
const LONGEST_MS = 15 * 60_000;

/** Runs one test file of a built tree, with the servers of its kind. */
export async function runJestIn(tree: string, file: string, signal: AbortSignal): Promise<TestRun> {
  const report = path.join(tree, 'jest-report.json');
  const program = path.join(tree, 'node_modules/jest/bin/jest.js');
  const args = [...argumentsFor(file), '--json', `--outputFile=${report}`];
  // The report says more than the exit code.
  const { stderr: complaint } = await runInTree(
    tree,
    [process.execPath, program, ...args],
    AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
  );
  if (!existsSync(report)) return { verdict: 'did-not-run', failedTests: [], complaint };
  return judge(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}

/** A suite that could not be loaded has no failed test, but has tested nothing. */
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
  // Handles that a mutant leaves open must not keep the run from ending.
  '--forceExit',
  // Without a fix against hanging, its test hangs. Tests run alone here, so this is long enough for every other.
  '--testTimeout=120000',
  // Removed with the tree, instead of filling the machine's own cache.
  '--cacheDirectory=.jest-cache',
];
