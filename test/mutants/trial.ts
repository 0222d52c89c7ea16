import { apply, build, complaintOf, copyOf, removeTree } from '../support/tree-copy';
import type { TrialVerdict } from '../support/trials';
import type { Mutant } from './mutant';
import { runJestIn } from './run-jest';
import type { TestRun } from './run-jest';

/** The result of one test file in one tree. */
export interface Trial {
  /** The mutant's name; for the unmutated tree, the test file. */
  readonly name: string;
  readonly bug: string;
  readonly test: string;
  readonly verdict: TrialVerdict;
  readonly failedTests: readonly string[];
  readonly seconds: number;
  /** Why the trial is broken; otherwise empty. */
  readonly complaint: string;
}

/** For a mutant, and for the unchanged tree: a test that is red there proves nothing about a bug. */
const VERDICTS: Readonly<Record<'mutant' | 'unmutated', Record<TestRun['verdict'], Trial['verdict']>>> = {
  mutant: { red: 'caught', green: 'survived', 'did-not-run': 'broken' },
  unmutated: { red: 'not-passed', green: 'passed', 'did-not-run': 'broken' },
};

export const tryUnmutated = (tree: string, test: string, signal: AbortSignal): Promise<Trial> =>
  timed({ name: test, bug: '', test }, signal, async () => {
    const run = await runJestIn(tree, test, signal);
    return { ...run, verdict: VERDICTS.unmutated[run.verdict] };
  });

/** `built` is copied, so that no mutant affects the next one. */
export const tryMutant = (built: string, { name, bug, file, caughtBy: test }: Mutant, signal: AbortSignal) =>
  timed({ name, bug, test }, signal, async () => {
    const tree = copyOf(built);
    try {
      await apply(tree, file);
      await build(tree, signal);
      const run = await runJestIn(tree, test, signal);
      return { ...run, verdict: VERDICTS.mutant[run.verdict] };
    } finally {
      removeTree(tree);
    }
  });

type Finding = Pick<Trial, 'verdict' | 'failedTests' | 'complaint'>;

async function timed(
  subject: Pick<Trial, 'name' | 'bug' | 'test'>,
  signal: AbortSignal,
  find: () => Promise<Finding>,
): Promise<Trial> {
  const startedAt = performance.now();
  // A patch that does not apply is reported, not thrown: the others can still be tried.
  const finding = await find().catch((error: unknown): Finding => ({
    verdict: 'broken',
    failedTests: [],
    complaint: complaintOf(error),
  }));
  signal.throwIfAborted();
  return { ...subject, ...finding, seconds: Math.round((performance.now() - startedAt) / 1_000) };
}
