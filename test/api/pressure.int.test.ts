import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';

const STALL_MS = 1_200;

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

function stall(): void {
  const until = performance.now() + STALL_MS;
  while (performance.now() < until);
}

test('does not turn requests away after short periods of load', async () => {
  for (let times = 0; times < 3; times += 1) {
    stall();
    await turn();
  }

  const response = await place(world.app, { key: aKey() });

  expect(response.statusCode).toBe(202);
});
