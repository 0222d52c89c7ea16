import { isUnseen } from '../../src/tools/verify/verdict';
import type { Verification } from '../proof/aftermath';
import type { Course } from './course';
import type { ChaosOptions } from './options';
import { phasesOf, WORKFLOWS_LOST } from './phases';

const LEAST_ACKNOWLEDGED = 0.95;
const LEAST_OF_AN_END = 0.05;
/** A share of the approvals: the processor may be unreachable just when the last question is asked. */
const MOST_TOO_LATE = 0.2;
const ENDS = ['completed', 'refused', 'cancelled'];

/** Why a run fails: a difference, or too little that happened for the run to prove anything. */
export function* shortcomings(
  {
    acknowledged,
    lacking,
    differences,
    progress,
    openWorkflows,
    approvals: { taken, tooLate },
  }: Pick<Course, 'lacking' | 'differences' | 'progress' | 'openWorkflows' | 'approvals'> & {
    readonly acknowledged: number;
  },
  { orders, ...options }: Pick<ChaosOptions, 'orders' | 'only' | 'payments'>,
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
    if (isUnseen(verdict) && !isLeftOut(name, options)) yield `${name} was never checked`;
  }
  yield* lacking;
  if (tooLate > taken * MOST_TOO_LATE) yield `${tooLate} of ${taken} approved payments were given up`;
  if (acknowledged < orders * LEAST_ACKNOWLEDGED) yield `Only ${acknowledged} of ${orders} orders were acknowledged`;
  for (const state of ENDS) {
    const ended = ends[state] ?? 0;
    if (ended < orders * LEAST_OF_AN_END) yield `Only ${ended} of ${orders} orders ended ${state}`;
  }
}

/** What the run was not to do, the report calls "never checked", which is no failure. */
const isLeftOut = (promise: string, options: Pick<ChaosOptions, 'only' | 'payments'>): boolean =>
  (promise === 'P14' && !phasesOf(options).includes(WORKFLOWS_LOST)) ||
  (promise === 'P11' && options.payments === 'async');
