import { expect, test } from '@jest/globals';
import { STEPS } from '../../src/domain/steps';
import { summaryOf, undoSummaryOf } from '../../workflows/step-activities';

test('the Web UI shows each activity with its number and its words', () => {
  expect(STEPS.map(summaryOf)).toEqual([
    '1/7 price the cart and create the order',
    '2/7 hold the money',
    '3/7 set the goods aside',
    '4/7 have the warehouse pack (pivot)',
    '5/7 tell the customer',
    '6/7 award the points',
    '7/7 have the label made',
  ]);
});

test('the Web UI shows each undo with the number of its step', () => {
  expect(STEPS.map(undoSummaryOf)).toEqual([
    'undo 1/7: cancel the order',
    'undo 2/7: free the money',
    'undo 3/7: put the goods back',
    'undo 4/7: call the warehouse off',
    'undo 5/7: tell the customer that it is off',
    'undo 6/7: take the points back',
    'undo 7/7: void the label',
  ]);
});
