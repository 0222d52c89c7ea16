import { expect, test } from '@jest/globals';
import { promoteArguments } from '../../src/deployment/promote-arguments';

test('lists builds without a build argument, and promotes the one given', () => {
  expect(promoteArguments([])).toEqual({ build: undefined, withOrders: false, json: false });
  expect(promoteArguments(['blue', '--with-orders', '--json'])).toEqual({
    build: 'blue',
    withOrders: true,
    json: true,
  });
});

test.each([[['--with-orders']], [['blue', 'green']], [['--force']]])('answers %j with the usage', (args) => {
  expect(promoteArguments(args)).toMatch(/\nUsage: npm run promote/);
});
