import { settleWithin } from '../../runtime/time-limit';
import { deliverSingly } from './deliver-singly';
import type { HandingOver, Outcome, Parcel, Sink } from '../sink';

/** After this many failed passes the lane suspects an event rather than the sink. */
const PATIENCE = 3;
/** Much longer than any time limit inside a sink: for a sink that loses an answer and never settles. */
const SETTLED_WITHIN_MS = 5 * 60_000;

/** A sink, and how many passes have failed in a row. */
interface Receiver {
  readonly to: Sink;
  readonly failures: number;
}

interface Occasion extends HandingOver {
  /** The sink has just taken something, so it is not away. */
  readonly witness: boolean;
}

/**
 * Delivers parcels to the sink. If the sink throws, it counts as away, and this throws too. But after `PATIENCE` such failures, or with a
 * `witness` that the sink is not away, one of the parcels must be the cause, and is searched for.
 */
export async function handOver(
  { to, failures }: Receiver,
  parcels: readonly Parcel[],
  { witness, hurry }: Occasion,
): Promise<readonly Outcome[]> {
  if (parcels.length === 0) return [];
  const deliver = (some: readonly Parcel[]) =>
    settleWithin(SETTLED_WITHIN_MS, () => to.deliver(some, { hurry }), `Sink ${to.name}`);
  // Each time the search for a witness goes further: the sink may be unable to take any of the first few.
  const singly = () => deliverSingly(deliver, { parcels, witness, mostSuspects: Math.max(failures, PATIENCE) });
  const outcomes = failures < PATIENCE ? await deliver(parcels).catch(witness ? singly : rethrow) : await singly();
  if (outcomes.length !== parcels.length) {
    throw new Error(`Sink ${to.name} returned ${outcomes.length} outcomes for ${parcels.length} parcels`);
  }
  return outcomes;
}

const rethrow = (error: Error): never => {
  throw error;
};
