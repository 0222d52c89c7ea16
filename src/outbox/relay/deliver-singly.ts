import { orderOf } from './parked';
import { BEHIND } from '../sink';
import type { Outcome, Parcel } from '../sink';

type Deliver = (parcels: readonly Parcel[]) => Promise<readonly Outcome[]>;

/**
 * Delivers one parcel at a time, to find those that the sink cannot take. A `witness` proves that the sink is not away: another parcel that
 * it takes, or has just taken. Without one no parcel is blamed, and this throws what the sink threw. It also throws after `mostSuspects`
 * failed orders in a row, because each may take as long as the sink's time limit, and the sink may have gone away meanwhile.
 */
export async function deliverSingly(
  deliver: Deliver,
  { parcels, mostSuspects, ...known }: { parcels: readonly Parcel[]; mostSuspects: number; witness: boolean },
): Promise<Outcome[]> {
  const stuck = new Set<string>();
  const outcomes: Outcome[] = [];
  let { witness } = known;
  let inARow = 0;
  let thrown: Error | undefined;
  for (const parcel of parcels) {
    const outcome = stuck.has(orderOf(parcel))
      ? BEHIND
      : await deliverOne(deliver, parcel).catch((error: Error) => {
          thrown = error;
          inARow += 1;
          if (inARow >= mostSuspects) throw error;
          return { status: 'failed', retry: true, reason: error.message } as const;
        });
    if (outcome.status === 'delivered') {
      witness = true;
      inARow = 0;
    }
    if (outcome.status === 'failed' || outcome.status === 'later') stuck.add(orderOf(parcel));
    outcomes.push(outcome);
  }
  if (thrown && !witness) throw thrown;
  return outcomes;
}

async function deliverOne(deliver: Deliver, parcel: Parcel): Promise<Outcome> {
  const [outcome] = await deliver([parcel]);
  if (!outcome) throw new Error(`A sink returned no outcome for event ${parcel.event.id}`);
  return outcome;
}
