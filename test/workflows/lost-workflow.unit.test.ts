import { expect, jest, test } from '@jest/globals';
import { LostWorkflow, unlessLost } from '../support/lost-workflow';
import { RETOLD_FILE } from '../support/retold';

test('a story is told once more where its workflow was lost, twice at the most, and no other failure is forgiven', async () => {
  // What is told again here was not lost, and does not count against the run.
  delete process.env[RETOLD_FILE];
  const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const told = async (...ends: readonly (Error | undefined)[]) => {
    const left = [...ends];
    const end = await unlessLost(async () => {
      const next = left.shift();
      if (next) throw next;
    })().catch((error: unknown) => error);
    return { end, times: ends.length - left.length };
  };
  const lost = new LostWorkflow('lost');
  const wrong = new Error('wrong');

  expect(await told(undefined, undefined)).toEqual({ end: undefined, times: 1 });
  expect(await told(lost, undefined, undefined)).toEqual({ end: undefined, times: 2 });
  expect(await told(lost, lost, undefined)).toEqual({ end: lost, times: 2 });
  expect(await told(lost, wrong)).toEqual({ end: wrong, times: 2 });
  expect(await told(wrong, undefined)).toEqual({ end: wrong, times: 1 });
  warned.mockRestore();
});
