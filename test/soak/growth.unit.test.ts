import { expect, test } from '@jest/globals';
import { growthOf, SERIES } from './growth';
import type { Sample } from './sample';

const MINUTES = 30;

const run = (memoryAt: (minute: number) => number, ageAt: (minute: number) => number = () => 0): Sample[] =>
  Array.from({ length: MINUTES }, (_, minutes) => ({
    minutes,
    memory: { api: 100, relay: 100, worker: memoryAt(minutes) },
    ...{ connections: 20, underWay: 4, outboxAge: ageAt(minutes) },
  }));

const grownIn = (samples: readonly Sample[]) =>
  SERIES.map((series) => growthOf(samples, series))
    .filter(({ flat }) => !flat)
    .map(({ name }) => name);

test('what goes up and down, or has grown while it warmed up, is flat', () => {
  expect(grownIn(run((minute) => (minute < 10 ? 200 + minute * 20 : 400 + (minute % 2) * 60)))).toEqual([]);
});

test('what grows to the end by more than a tenth is noticed', () => {
  expect(grownIn(run((minute) => 200 + minute * 5))).toEqual(['worker']);
});

test('a relay that falls behind is noticed', () => {
  expect(
    grownIn(
      run(
        () => 200,
        (minute) => minute * 0.5,
      ),
    ),
  ).toEqual(['outbox age']);
});
