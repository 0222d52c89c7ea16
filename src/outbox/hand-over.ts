import { deliverSingly } from './deliver-singly';
import type { Outcome, Parcel, Sink } from './sink';

/** Failed passes after which the lane suspects an event and no longer the sink. */
const PATIENCE = 3;

/** A sink, and how many passes in a row failed. */
interface Receiver {
  readonly to: Sink;
  readonly failures: number;
}

/**
 * Gives parcels to the sink. Where it throws it is taken to be away, and so this throws; until it has thrown `PATIENCE` times, or if there
 * is a `witness` that it was there just now: then one of the parcels is the trouble, and is found.
 */
export async function handOver(
  receiver: Receiver,
  parcels: readonly Parcel[],
  witness = false,
): Promise<readonly Outcome[]> {
  if (parcels.length === 0) return [];
  const outcomes = await (receiver.failures < PATIENCE ? atOnce : singly)(receiver, parcels, witness);
  if (outcomes.length !== parcels.length) {
    const { name } = receiver.to;
    throw new Error(`Sink ${name} was given ${parcels.length} parcels and said what became of ${outcomes.length}`);
  }
  return outcomes;
}

async function atOnce(receiver: Receiver, parcels: readonly Parcel[], witness: boolean): Promise<readonly Outcome[]> {
  try {
    return await receiver.to.deliver(parcels);
  } catch (error) {
    if (!witness) throw error;
    // What it threw, it throws again.
    return singly(receiver, parcels, witness);
  }
}

/** A witness is looked for farther away each time: the first few may all be such that no sink bears them. */
const singly = ({ to, failures }: Receiver, parcels: readonly Parcel[], witness: boolean): Promise<Outcome[]> =>
  deliverSingly(to, { parcels, witness, mostSuspects: Math.max(failures, PATIENCE) });
