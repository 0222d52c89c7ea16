import type { Page, Place } from './log-reader';
import type { LogPoll } from './log-poll';
import { parseSnapshot, sees, seesAllOf } from './snapshot';

/**
 * A lane's page out of what its relay has read for all lanes: then nobody has to read it again. Undefined where the lane has to read for
 * itself: it stands inside a difference, a pulse found too much, or begins later than where the lane would stand by then.
 */
export function pageFromPoll(
  pulses: readonly LogPoll[],
  { place, shard, types }: { place: Place; shard: number; types: readonly string[] | undefined },
): Page | undefined {
  if (pulses.length === 0 || place.within !== null) return undefined;
  let at = { text: place.snapshot, snapshot: parseSnapshot(place.snapshot) };
  const events = [];
  for (const pulse of pulses) {
    const { snapshot } = at;
    // A lane that stands before the beginning of the pulse would miss what lies between the two.
    if (pulse.events === undefined || !seesAllOf(snapshot, parseSnapshot(pulse.since))) return undefined;
    // One that stands behind it has had the first of the pulse's events already.
    const unseen = pulse.events.filter((found) => found.shard === shard && !sees(snapshot, found.txid));
    events.push(...unseen.map(({ event }) => event).filter(({ type }) => types?.includes(type) ?? true));
    const seen = parseSnapshot(pulse.snapshot);
    if (seesAllOf(seen, snapshot)) at = { text: pulse.snapshot, snapshot: seen };
  }
  return { events, next: { snapshot: at.text, within: null }, more: false, parked: false };
}
