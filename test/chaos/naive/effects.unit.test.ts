import { expect, test } from '@jest/globals';
import { STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';
import { judge } from './effects';

const each = (count: number, besides: Partial<Record<Step, number>> = {}) =>
  new Map(STEPS.map((step) => [step, besides[step] ?? count]));

test('counts an order with every effect once as done, and one without effects as nothing', () => {
  expect(judge([each(1), each(0), new Map()])).toEqual({ done: 1, nothing: 2, halfDone: 0 });
});

test('counts an order as half done if an effect is missing, left over, or there twice', () => {
  const orders = [
    each(1, { 'label-generated': 0 }),
    each(0, { 'order-created': 1 }),
    each(1, { 'payment-authorized': 2 }),
  ];

  expect(judge(orders)).toEqual({ done: 0, nothing: 0, halfDone: 3 });
});
