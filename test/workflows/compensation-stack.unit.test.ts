import { expect, test } from '@jest/globals';
import { CompensationStack } from '../../workflows/compensation-stack';

const nobodyListens = () => undefined;

test('undoes the newest first and hands each the reason', async () => {
  const undone: string[] = [];
  const stack = new CompensationStack<string>();
  stack.push('older', async (why) => void undone.push(`older ${why}`));
  stack.push('newer', async (why) => void undone.push(`newer ${why}`));

  const failed = await stack.unwind('declined', nobodyListens);

  expect(failed).toEqual([]);
  expect(undone).toEqual(['newer declined', 'older declined']);
});

test('reports a failed undo and still runs the older ones', async () => {
  const refused = new Error('refused');
  const undone: string[] = [];
  const stack = new CompensationStack<string>();
  stack.push('older', async () => void undone.push('older'));
  stack.push('newer', () => Promise.reject(refused));

  const failed = await stack.unwind('declined', nobodyListens);

  expect(failed).toEqual([{ step: 'newer', cause: refused }]);
  expect(undone).toEqual(['older']);
});

test('a second unwinding undoes nothing twice', async () => {
  const undone: string[] = [];
  const stack = new CompensationStack<string>();
  stack.push('only', async () => void undone.push('only'));

  await stack.unwind('declined', nobodyListens);
  await stack.unwind('declined', nobodyListens);

  expect(undone).toEqual(['only']);
});

test('tells what it is undoing, before and after', async () => {
  const told: string[] = [];
  const stack = new CompensationStack<string>();
  stack.push('older', async () => undefined);
  stack.push('newer', () => Promise.reject(new Error('refused')));

  await stack.unwind('declined', (step, state) => told.push(`${step} ${state}`));

  expect(told).toEqual(['newer undoing', 'older undoing', 'older undone']);
});
