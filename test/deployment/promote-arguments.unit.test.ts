import { expect, test } from '@jest/globals';
import { promoteArguments } from '../../src/deployment/promote-arguments';

test('lists without a build, and promotes with one', () => {
  expect(promoteArguments([])).toEqual({ build: undefined, withOrders: false, json: false });
  expect(promoteArguments(['blue', '--with-orders', '--json'])).toEqual({
    build: 'blue',
    withOrders: true,
    json: true,
  });
});

test.each([[['--with-orders']], [['blue', 'green']], [['--force']]])('%j is answered with the usage', (args) => {
  expect(promoteArguments(args)).toMatch(/\nUsage: npm run promote/);
});
