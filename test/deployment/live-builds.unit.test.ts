import { expect, test } from '@jest/globals';
import { LiveBuilds } from '../../src/deployment/live-builds';

function setup() {
  const clock = { ms: 0 };
  const builds = new LiveBuilds(() => clock.ms);
  const lookAt = (ms: number, heard: Record<string, number>) => {
    clock.ms = ms;
    builds.note(new Map(Object.entries(heard)));
  };
  return { builds, lookAt };
}

test('counts a build as gone after twenty seconds without a sign of it, not at the first look', () => {
  const { builds, lookAt } = setup();

  const answers = [0, 10_000, 19_999, 20_000].map((ms) => {
    lookAt(ms, { green: 1 });
    return builds.isGone('blue');
  });

  expect(answers).toEqual([false, false, false, true]);
});

test('counts a build as gone 75 seconds after its last new poll, whatever time Temporal says it is', () => {
  const { builds, lookAt } = setup();
  lookAt(0, { blue: 999, green: 1 });
  lookAt(60_000, { blue: 1_059, green: 1 });
  lookAt(75_000, { blue: 1_059, green: 1 });

  expect(builds.isGone('green')).toBe(true);
  expect(builds.isGone('blue')).toBe(false);
  expect(builds.present()).toEqual(['blue']);
});

test('starts over when a build is seen in between', () => {
  const { builds, lookAt } = setup();
  lookAt(0, { green: 1 });
  builds.isGone('blue');
  lookAt(10_000, { green: 1, blue: 2 });
  lookAt(15_000, { green: 1 });

  lookAt(25_000, { green: 1 });

  expect(builds.isGone('blue')).toBe(false);
  expect(builds.present()).toEqual(['green']);
});
