import { isUnseen } from '../../src/tools/verify/verdict';
import type { Verification } from '../proof/aftermath';
import type { Course } from './course';
import type { ChaosOptions } from './options';
import { WORKFLOWS_LOST } from './phases';

const LEAST_ACKNOWLEDGED = 0.95;
const LEAST_OF_AN_END = 0.05;
const ENDS = ['completed', 'refused', 'cancelled'];

/** Why a run fails: a difference, or too little that happened for the run to prove anything. */
export function* shortcomings(
  {
    acknowledged,
    lacking,
    differences,
    progress,
    openWorkflows,
  }: Pick<Course, 'lacking' | 'differences' | 'progress' | 'openWorkflows'> & { readonly acknowledged: number },
  { orders, only }: Pick<ChaosOptions, 'orders' | 'only'>,
  { promises }: Pick<Verification, 'promises'>,
): Iterable<string> {
  const { ends, underWay, lag } = progress;
  if (differences.length > 0) yield `The load client found ${differences.length} differences`;
  if (underWay > 0) yield `${underWay} checkouts had not ended a minute after the faults`;
  if (lag > 0) yield `${lag} events had not been delivered a minute after the faults`;
  const attention = ends['needs-attention'] ?? 0;
  if (attention > 0) yield `${attention} checkouts need attention, although only transient faults were injected`;
  if (openWorkflows > 0) yield `${openWorkflows} workflows had not closed a minute after the faults`;
  for (const [name, verdict] of Object.entries(promises)) {
    const { pending, violations, examples, unchecked } = verdict;
    if (violations > 0) yield `${name} was broken ${violations} times: ${examples[0]?.sentence}`;
    if (pending > 0) yield `${name}: ${pending} are still pending`;
    for (const what of unchecked) yield `${name}: not checked: ${what}`;
    if (isUnseen(verdict) && !isLeftOut(name, only)) yield `${name} was never checked`;
  }
  yield* lacking;
  if (acknowledged < orders * LEAST_ACKNOWLEDGED) yield `Only ${acknowledged} of ${orders} orders were acknowledged`;
  for (const state of ENDS) {
    const ended = ends[state] ?? 0;
    if (ended < orders * LEAST_OF_AN_END) yield `Only ${ended} of ${orders} orders ended ${state}`;
  }
}

/** If its phase was left out on purpose, the report says "never checked", which is no failure. */
const isLeftOut = (promise: string, only: ChaosOptions['only']): boolean =>
  promise === 'P14' && only?.includes(WORKFLOWS_LOST) === false;
