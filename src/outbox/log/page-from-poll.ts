import type { Page, Place } from './log-reader';
import type { LogPoll } from './log-poll';
import { parseSnapshot, sees, seesAllOf } from './snapshot';

/**
 * Cuts a lane's page from what its relay has polled for all lanes, so that it need not be read again. Undefined if the lane must read for
 * itself: its place is inside a difference, a poll found too much, or a poll begins after the lane's place.
 */
export function pageFromPoll(
  polls: readonly LogPoll[],
  { place, shard, types }: { place: Place; shard: number; types: readonly string[] | undefined },
): Page | undefined {
  if (polls.length === 0 || place.within !== null) return undefined;
  let at = { text: place.snapshot, snapshot: parseSnapshot(place.snapshot) };
  const events = [];
  for (const poll of polls) {
    const { snapshot } = at;
    // A place before the beginning of the poll: the lane would miss what lies between the two.
    if (poll.events === undefined || !seesAllOf(snapshot, parseSnapshot(poll.since))) return undefined;
    // A place after it: the lane has already had the first of the poll's events.
    const unseen = poll.events.filter((found) => found.shard === shard && !sees(snapshot, found.txid));
    events.push(...unseen.map(({ event }) => event).filter(({ type }) => types?.includes(type) ?? true));
    const seen = parseSnapshot(poll.snapshot);
    if (seesAllOf(seen, snapshot)) at = { text: poll.snapshot, snapshot: seen };
  }
  return { events, next: { snapshot: at.text, within: null }, more: false, parked: false };
}
