import { settleWithin } from '../../runtime/time-limit';
import { deliverSingly } from './deliver-singly';
import type { HandingOver, Outcome, Parcel, Sink } from '../sink';

/** Failed passes after which the lane suspects an event and no longer the sink. */
const PATIENCE = 3;
/** Much more than a sink allows any call of its own: for one that loses an answer and never settles. */
const SETTLED_WITHIN_MS = 5 * 60_000;

/** A sink, and how many passes in a row failed. */
interface Receiver {
  readonly to: Sink;
  readonly failures: number;
}

interface Occasion extends HandingOver {
  /** The sink took something just now: it is there. */
  readonly witness: boolean;
}

/**
 * Gives parcels to the sink. Where it throws it is taken to be away, and so this throws; until it has thrown `PATIENCE` times, or if there
 * is a `witness` that it was there just now: then one of the parcels is the trouble, and is found.
 */
export async function handOver(
  { to, failures }: Receiver,
  parcels: readonly Parcel[],
  { witness, hurry }: Occasion,
): Promise<readonly Outcome[]> {
  if (parcels.length === 0) return [];
  const deliver = (some: readonly Parcel[]) =>
    settleWithin(SETTLED_WITHIN_MS, () => to.deliver(some, { hurry }), `Sink ${to.name}`);
  // A witness is looked for farther away each time: the first few may all be such that no sink bears them.
  const singly = () => deliverSingly(deliver, { parcels, witness, mostSuspects: Math.max(failures, PATIENCE) });
  const outcomes = failures < PATIENCE ? await deliver(parcels).catch(witness ? singly : rethrow) : await singly();
  if (outcomes.length !== parcels.length) {
    throw new Error(`Sink ${to.name} was given ${parcels.length} parcels and said what became of ${outcomes.length}`);
  }
  return outcomes;
}

const rethrow = (error: Error): never => {
  throw error;
};
