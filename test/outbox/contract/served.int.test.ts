import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asyncApi } from '../../../src/outbox/contract/asyncapi';
import { apiWorld } from '../../support/api-world';
import type { ApiWorld } from '../../support/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

test('the API serves the AsyncAPI document to everybody', async () => {
  const response = await world.app.inject('/asyncapi.json');

  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(response.json()).toEqual(asyncApi());
});
