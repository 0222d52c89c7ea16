import { expect, test } from '@jest/globals';
import { Standings } from '../../src/webhooks/standings';

function setup() {
  let now = 1_000;
  const standings = new Standings(() => now);
  return { standings, pass: (ms: number) => void (now += ms) };
}

test('a silent endpoint rests longer each time, and is back with its first answer', () => {
  const { standings, pass } = setup();
  const rested: number[] = [];
  for (let silence = 0; silence < 9; silence += 1) {
    standings.wasSilent('dead');
    let ms = 0;
    for (; standings.isResting('dead'); ms += 500) pass(500);
    rested.push(ms / 1_000);
  }

  standings.answered('dead', 5);

  expect(rested).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect([standings.isSilent('dead'), standings.resting()]).toEqual([false, []]);
});

test('concurrent attempts count as one silence', () => {
  const { standings, pass } = setup();
  for (let attempt = 0; attempt < 8; attempt += 1) standings.wasSilent('dead');

  pass(1_000);

  expect(standings.isResting('dead')).toBe(false);
});

test('while one attempt tries a silent endpoint, no other does', () => {
  const { standings } = setup();
  standings.wasSilent('dead');
  standings.markTried('dead', 15_000);

  expect(standings.resting()).toEqual(['dead']);
});

test('an endpoint counts as slow for a minute, however fast it is meanwhile', () => {
  const { standings, pass } = setup();
  standings.answered('slow', 5_000);
  pass(59_000);
  standings.answered('slow', 1);
  expect(standings.isSlow('slow')).toBe(true);

  pass(1_000);

  expect(standings.isSlow('slow')).toBe(false);
});

test('remembers ten thousand endpoints', () => {
  const { standings } = setup();
  for (let at = 0; at <= 10_000; at += 1) standings.wasSilent(`${at}`);

  expect([standings.isSilent('0'), standings.isSilent('1'), standings.resting().length]).toEqual([false, true, 10_000]);
});
