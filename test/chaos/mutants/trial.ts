import { apply, build, complaintOf, copyTree, removeTree } from '../../support/tree-copy';
import type { Report } from '../chaos';
import type { TrialVerdict } from '../../support/trials';
import type { Mutant } from './mutant';
import { runChaosIn } from './run-chaos';

/** The result of one tree in the chaos. */
export interface Trial {
  readonly name: string;
  readonly bug: string;
  readonly wanted: readonly string[];
  readonly verdict: TrialVerdict;
  /** The promises that were found broken. */
  readonly noticedBy: readonly string[];
  readonly seconds: number;
  /** Why the chaos failed, or why there was no trial. */
  readonly failures: readonly string[];
}

interface Course {
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** The unchanged tree: whatever is noticed there is not due to a planted bug. */
export const tryUnmutated = (orders: number, course: Course): Promise<Trial> =>
  tryTree({ name: 'unmutated', bug: 'none', noticedBy: [], orders, options: [] }, course, ({ ok }) =>
    ok ? 'passed' : 'not-passed',
  );

export const tryMutant = (mutant: Mutant, course: Course): Promise<Trial> =>
  tryTree(mutant, course, (report) =>
    noticedBy(report).some((promise) => mutant.noticedBy.includes(promise)) ? 'caught' : 'survived',
  );

type Subject = Omit<Mutant, 'file'> & Partial<Pick<Mutant, 'file'>>;

async function tryTree(
  { name, bug, noticedBy: wanted, orders, options, file }: Subject,
  { seed, signal }: Course,
  judge: (report: Report) => Trial['verdict'],
): Promise<Trial> {
  const startedAt = performance.now();
  const took = () => Math.round((performance.now() - startedAt) / 1_000);
  const tree = await copyTree();
  try {
    if (file !== undefined) await apply(tree, file);
    await build(tree, signal);
    const report = await runChaosIn(tree, { orders, seed, options }, signal);
    signal.throwIfAborted();
    const verdict = judge(report);
    return { name, bug, wanted, verdict, noticedBy: noticedBy(report), seconds: took(), failures: report.failures };
  } catch (error) {
    signal.throwIfAborted();
    // Reported, not thrown: the others can still be tried.
    return { name, bug, wanted, verdict: 'broken', noticedBy: [], seconds: took(), failures: [complaintOf(error)] };
  } finally {
    removeTree(tree);
  }
}

const ENDED = ['completed', 'refused', 'cancelled'];

/** The promises found broken from outside. That too little happened is not a finding. */
export function noticedBy({
  promises,
  ends,
  differences,
}: Pick<Report, 'promises' | 'ends' | 'differences'>): string[] {
  const broken = Object.entries(promises).filter(([, { violations, pending }]) => violations + pending > 0);
  const names = new Set(broken.map(([name]) => name));
  if (Object.keys(ends).some((state) => !ENDED.includes(state))) names.add('P3');
  // The load client checks the answers.
  if (differences.length > 0) names.add('P8');
  return [...names].sort();
}
