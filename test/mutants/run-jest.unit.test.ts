import { expect, test } from '@jest/globals';
import { judge, kindOf } from './run-jest';

const passed = { status: 'passed', fullName: 'keeps its word' };
const failed = { status: 'failed', fullName: 'notices the bug' };
const report = { numFailedTests: 0, numPassedTests: 1, numRuntimeErrorTestSuites: 0 };

test('a failed test is red and is named', () => {
  const testResults = [{ message: 'expected 1, got 2', assertionResults: [passed, failed] }];

  expect(judge({ ...report, numFailedTests: 1, testResults })).toMatchObject({
    verdict: 'red',
    failedTests: ['notices the bug'],
  });
});

test('a file whose tests all passed is green', () => {
  expect(judge({ ...report, testResults: [{ message: '', assertionResults: [passed] }] }).verdict).toBe('green');
});

test('a file that cannot be loaded did not run, and says why', () => {
  const testResults = [{ message: 'Cannot find module', assertionResults: [] }];

  expect(judge({ ...report, numPassedTests: 0, numRuntimeErrorTestSuites: 1, testResults })).toEqual({
    verdict: 'did-not-run',
    failedTests: [],
    complaint: 'Cannot find module',
  });
});

test('a run without a single test did not run', () => {
  expect(judge({ ...report, numPassedTests: 0, testResults: [] }).verdict).toBe('did-not-run');
});

test('the kind of a test file is its suffix', () => {
  expect(kindOf('test/outbox/lag.int.test.ts')).toBe('int');
});
