import { expect, test } from '@jest/globals';
import { LiveBuilds } from '../../src/deployment/live-builds';

function setup() {
  const clock = { ms: 0 };
  const presence = new LiveBuilds(() => clock.ms);
  const lookAt = (ms: number, heard: Record<string, number>) => {
    clock.ms = ms;
    presence.note(new Map(Object.entries(heard)));
  };
  return { presence, lookAt };
}

test('a build that nobody is seen of is gone after twenty seconds of looking, not at the first look', () => {
  const { presence, lookAt } = setup();

  const answers = [0, 10_000, 19_999, 20_000].map((ms) => {
    lookAt(ms, { green: 1 });
    return presence.isGone('blue');
  });

  expect(answers).toEqual([false, false, false, true]);
});

test('a build is gone when nothing new was heard of it for 75 seconds, whatever Temporal says the time is', () => {
  const { presence, lookAt } = setup();
  lookAt(0, { blue: 999, green: 1 });
  lookAt(60_000, { blue: 1_059, green: 1 });
  lookAt(75_000, { blue: 1_059, green: 1 });

  expect(presence.isGone('green')).toBe(true);
  expect(presence.isGone('blue')).toBe(false);
  expect(presence.present()).toEqual(['blue']);
});

test('a build that was seen in between has to be away anew', () => {
  const { presence, lookAt } = setup();
  lookAt(0, { green: 1 });
  presence.isGone('blue');
  lookAt(10_000, { green: 1, blue: 2 });
  lookAt(15_000, { green: 1 });

  lookAt(25_000, { green: 1 });

  expect(presence.isGone('blue')).toBe(false);
  expect(presence.present()).toEqual(['green']);
});
