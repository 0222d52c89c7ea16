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

test('accepts a figure that goes up and down, or grew while warming up', () => {
  expect(grownIn(run((minute) => (minute < 10 ? 200 + minute * 20 : 400 + (minute % 2) * 60)))).toEqual([]);
});

test('reports a figure that grows by more than a tenth until the end', () => {
  expect(grownIn(run((minute) => 200 + minute * 5))).toEqual(['worker']);
});

test('reports a relay that falls behind', () => {
  expect(
    grownIn(
      run(
        () => 200,
        (minute) => minute * 0.5,
      ),
    ),
  ).toEqual(['outbox age']);
});
