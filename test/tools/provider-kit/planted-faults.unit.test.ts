import { expect, test } from '@jest/globals';
import { read } from '../../house/markdown-tables';
import { drawn, everyFault, failuresWith } from './faults/matrix';
import { matrixIn, PAGE } from './faults/page';

test('a provider without a fault passes every try', async () => {
  expect(await failuresWith()).toEqual({});
});

test('each planted fault fails the tries that docs/providers.md shows, and at least one', async () => {
  const matrix = await everyFault();

  expect(matrix.filter(([, failed]) => failed.length === 0)).toEqual([]);
  // On a difference run `npm run provider-kit:faults`.
  expect(drawn(matrix)).toBe(matrixIn(read(PAGE)));
});
