import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LostWorkflow, retryIfLost } from '../support/lost-workflow';
import { RETRIED_FILE } from '../support/retried-tests';

const lost = new LostWorkflow('lost');
const wrong = new Error('wrong');

beforeEach(() => {
  // No workflow is really lost here, so these retries do not count in the run's report.
  delete process.env[RETRIED_FILE];
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  { attempts: 'the first attempt passes', errors: [undefined, undefined], runs: 1, failure: undefined },
  { attempts: 'the second attempt passes', errors: [lost, undefined, undefined], runs: 2, failure: undefined },
  { attempts: 'the workflow is lost twice', errors: [lost, lost, undefined], runs: 2, failure: lost },
  { attempts: 'the second attempt fails', errors: [lost, wrong], runs: 2, failure: wrong },
  { attempts: 'the first attempt fails', errors: [wrong, undefined], runs: 1, failure: wrong },
])('runs a test $runs times when $attempts', async ({ errors, runs, failure }) => {
  const remaining = [...errors];
  const body = retryIfLost(async () => {
    const error = remaining.shift();
    if (error) throw error;
  });

  const thrown = await body().catch((error: unknown) => error);

  expect(thrown).toBe(failure);
  expect(errors.length - remaining.length).toBe(runs);
});
