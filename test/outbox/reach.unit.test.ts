import { expect, test } from '@jest/globals';
import { SinkReach } from '../../src/outbox/relay/reach';
import type { Reach } from '../../src/outbox/relay/reach';

const WELL: Reach = { failingSince: undefined, tookAt: undefined };
const LOOK_EVERY_MS = 1_500;
const HOUR_MS = 3_600_000;

/** Relays that share eight lanes of a sink. Each script says whether a relay's lanes reach the sink at a moment. */
function relaysThat(reaches: readonly ((now: number) => boolean)[], { answers = false } = {}) {
  const relays = reaches.map((gets) => ({ gets, reach: new SinkReach(), lanes: [] as Reach[] }));
  let [now, moves] = [1, 0];
  const look = () => {
    now += LOOK_EVERY_MS;
    for (const relay of relays) {
      const { gets, reach } = relay;
      relay.lanes = relay.lanes.map(({ failingSince, tookAt }) =>
        gets(now) ? { failingSince: undefined, tookAt: now } : { failingSince: failingSince ?? now, tookAt },
      );
      reach.note(relay.lanes, now);
      if (reach.isTrialDue(now)) reach.tried(answers, now);
      const able = relays.filter((each) => !each.reach.unable).length;
      const share = reach.share({ relays: relays.length, able }, relay.lanes.length, now);
      const free = 8 - relays.reduce((sum, { lanes }) => sum + lanes.length, 0);
      const has = share > relay.lanes.length ? Math.min(share, relay.lanes.length + free) : share;
      moves += Math.max(0, has - relay.lanes.length);
      relay.lanes = Array.from({ length: has }, (_, at) => relay.lanes[at] ?? WELL);
    }
  };
  return {
    shares: () => relays.map(({ lanes }) => lanes.length),
    /** How many lanes were taken. */
    moves: () => moves,
    lookFor: (ms: number) => {
      for (const end = now + ms; now < end;) look();
    },
  };
}

const always = () => true;
const never = () => false;

test('a relay that cannot reach its sink gives its lanes to the one that can, and no lane is without a relay', () => {
  const world = relaysThat([never, always]);

  world.lookFor(60_000);

  expect(world.shares()).toEqual([0, 8]);
});

test('when no relay can, each keeps its lanes, and none changes hands', () => {
  const world = relaysThat([never, never]);
  world.lookFor(3_000);
  const before = world.moves();

  world.lookFor(HOUR_MS);

  expect(world.shares()).toEqual([4, 4]);
  expect(world.moves()).toBe(before);
});

test('when a sink comes back for all, a little later for some, no lane changes hands', () => {
  const world = relaysThat([(now) => now > 600_000, (now) => now > 609_000]);
  world.lookFor(3_000);
  const before = world.moves();

  world.lookFor(HOUR_MS);

  expect(world.shares()).toEqual([4, 4]);
  expect(world.moves()).toBe(before);
});

test('a relay that has given up tries the sink now and then, and takes its share again when the sink answers and delivers', () => {
  const world = relaysThat([(now) => now > 600_000, always], { answers: true });
  world.lookFor(60_000);
  expect(world.shares()).toEqual([0, 8]);

  world.lookFor(HOUR_MS);

  expect(world.shares()).toEqual([4, 4]);
});

test('a relay whose sink answers but takes nothing tries less and less often', () => {
  const world = relaysThat([never, always], { answers: true });
  world.lookFor(HOUR_MS);
  const before = world.moves();

  world.lookFor(HOUR_MS);

  // Each trial moves four lanes there and four back.
  expect(world.moves() - before).toBeLessThanOrEqual(8 * 5);
});

test('does not give up because one lane fails while others deliver', () => {
  const reach = new SinkReach();

  reach.note(
    [
      { failingSince: 0, tookAt: undefined },
      { failingSince: undefined, tookAt: 50_000 },
    ],
    60_000,
  );

  expect(reach.unable).toBe(false);
});
