import { expect, test } from '@jest/globals';
import type { Change } from '../../src/verify/events/check-announcements';
import { checkAnnouncements } from '../../src/verify/events/check-announcements';
import { Tally } from '../../src/verify/verdict';
import { aLog } from './sink-stories';

/** What is found where the ledger has this change, and the log has these events of the order. */
async function found(change: Partial<Change>, ...types: string[]): Promise<string[]> {
  const tally = new Tally();
  const names = types.map((_, at) => `chk_1/${at + 1}`);
  const log = aLog(names, (name) => ({ type: types[names.indexOf(name)] ?? '' }));
  const stock: Change = { checkoutId: 'chk_1', step: 'stock-reserved', done: true, undone: false };
  await checkAnnouncements([{ ...stock, ...change }], log, tally);
  return tally.examples.map(({ kind, sentence }) => `${kind}: ${sentence}`);
}

test('each change has its event, once', async () => {
  expect(await found({}, 'order.created', 'stock.reserved')).toEqual([]);
  expect(await found({ undone: true }, 'stock.reserved', 'stock.released')).toEqual([]);
});

test('a tombstone of a step that never happened has none, nor one that says that operators went on without it', async () => {
  const tombstone = { done: false, undone: true };

  expect(await found(tombstone, 'order.created')).toEqual([]);
  expect(await found({ ...tombstone, step: 'loyalty-awarded' }, 'loyalty.skipped')).toEqual([]);
});

test('a change whose event got lost is found, also where the log has nothing of the order', async () => {
  const lost = ['unannounced: stock-reserved changed, and the log has no stock.reserved'];

  expect(await found({}, 'order.created')).toEqual(lost);
  expect(await found({})).toEqual(lost);
  expect(await found({ undone: true }, 'stock.reserved')).toHaveLength(1);
});

test('what is announced twice, or has not happened, is found', async () => {
  expect(await found({}, 'stock.reserved', 'stock.reserved')).toEqual([
    'announced-twice: The log has stock.reserved 2 times instead of once',
  ]);
  expect(await found({}, 'stock.reserved', 'stock.released')).toEqual([
    'uncommitted: The log has stock.released, which did not happen',
  ]);
});
