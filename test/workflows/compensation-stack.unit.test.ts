import { expect, test } from '@jest/globals';
import { CompensationStack } from '../../workflows/compensation-stack';

test('undoes the newest first, and passes the reason to each undo', async () => {
  const undone: string[] = [];
  const stack = new CompensationStack<string>();
  stack.push(async (why) => void undone.push(`older ${why}`));
  stack.push(async (why) => void undone.push(`newer ${why}`));

  await stack.unwind('declined');

  expect(undone).toEqual(['newer declined', 'older declined']);
});

test('a second unwinding undoes nothing again', async () => {
  const undone: string[] = [];
  const stack = new CompensationStack<string>();
  stack.push(async () => void undone.push('only'));

  await stack.unwind('declined');
  await stack.unwind('declined');

  expect(undone).toEqual(['only']);
});

test('does not swallow a bug in an undo', async () => {
  const stack = new CompensationStack<string>();
  stack.push(() => Promise.reject(new Error('a bug')));

  await expect(stack.unwind('declined')).rejects.toThrow('a bug');
});
