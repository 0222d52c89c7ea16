import { orderOf } from './parked';
import { BEHIND } from './sink';
import type { Outcome, Parcel, Sink } from './sink';

/**
 * Delivers one parcel at a time, to find the one that the sink cannot bear. That the sink is there is proved by a `witness`: another one
 * that it takes, or has just taken; without one nobody is blamed, and this throws what the sink threw. So it does at `mostSuspects` orders
 * in a row, because each may take as long as the sink's patience, and because the sink may have gone away meanwhile.
 */
export async function deliverSingly(
  sink: Sink,
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
      : await deliverOne(sink, parcel).catch((error: Error) => {
          thrown = error;
          inARow += 1;
          if (inARow >= mostSuspects) throw error;
          return { status: 'failed', retry: true, reason: error.message } as const;
        });
    if (outcome.status === 'delivered') {
      witness = true;
      inARow = 0;
    }
    if (outcome.status === 'failed') stuck.add(orderOf(parcel));
    outcomes.push(outcome);
  }
  if (thrown && !witness) throw thrown;
  return outcomes;
}

async function deliverOne(sink: Sink, parcel: Parcel): Promise<Outcome> {
  const [outcome] = await sink.deliver([parcel]);
  if (!outcome) throw new Error(`Sink ${sink.name} did not say what became of a parcel`);
  return outcome;
}
