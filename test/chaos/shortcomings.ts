import type { Verification } from '../proof/aftermath';
import type { Course } from './course';
import type { ChaosOptions } from './options';

const LEAST_ACKNOWLEDGED = 0.95;
const LEAST_OF_AN_END = 0.05;
const ENDS = ['completed', 'refused', 'cancelled'];

/** Why a run is not as promised: a difference, or something that did not happen, for then it shows too little. */
export function* shortcomings(
  {
    acknowledged,
    lacking,
    differences,
    progress,
  }: Pick<Course, 'lacking' | 'differences' | 'progress'> & { readonly acknowledged: number },
  { orders }: Pick<ChaosOptions, 'orders'>,
  { ok, promises }: Omit<Verification, 'asOf'>,
): Iterable<string> {
  const { ends, underWay, lag } = progress;
  if (!ok) yield 'Something is not as promised';
  if (differences.length > 0) yield `The load client found ${differences.length} differences`;
  if (underWay > 0) yield `${underWay} checkouts had not ended a minute after the faults`;
  if (lag > 0) yield `${lag} events had not been delivered a minute after the faults`;
  const attention = ends['needs-attention'] ?? 0;
  if (attention > 0) yield `${attention} checkouts need attention, and only passing faults were injected`;
  for (const [name, { pending }] of Object.entries(promises)) {
    if (pending > 0) yield `${name}: ${pending} are still pending`;
  }
  yield* lacking;
  if (acknowledged < orders * LEAST_ACKNOWLEDGED) yield `Only ${acknowledged} of ${orders} orders were acknowledged`;
  for (const state of ENDS) {
    const ended = ends[state] ?? 0;
    if (ended < orders * LEAST_OF_AN_END) yield `Only ${ended} of ${orders} orders ended ${state}`;
  }
}
