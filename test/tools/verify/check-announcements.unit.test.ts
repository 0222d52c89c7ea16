import { expect, test } from '@jest/globals';
import type { CheckoutState } from '../../../src/domain/checkout-states';
import type { Change } from '../../../src/tools/verify/events/check-announcements';
import { checkAnnouncements, checkEndings } from '../../../src/tools/verify/events/check-announcements';
import { Tally } from '../../../src/tools/verify/verdict';
import { aLog } from './sink-stories';

const ofOneOrder = (types: readonly string[]) => {
  const names = types.map((_, at) => `chk_1/${at + 1}`);
  return aLog(names, (name) => ({ type: types[names.indexOf(name)] ?? '' }));
};

const inWords = ({ examples }: Tally): string[] => examples.map(({ kind, sentence }) => `${kind}: ${sentence}`);

/** What is found where the ledger has this change, and the log has these events of the order. */
async function found(change: Partial<Change>, ...types: string[]): Promise<string[]> {
  const tally = new Tally();
  const stock: Change = { checkoutId: 'chk_1', step: 'stock-reserved', done: true, undone: false };
  await checkAnnouncements([{ ...stock, ...change }], ofOneOrder(types), tally);
  return inWords(tally);
}

/** What is found where a checkout is in this state, and the log has these events of it. */
async function foundOf(state: CheckoutState, ...types: string[]): Promise<string[]> {
  const tally = new Tally();
  await checkEndings([{ checkoutId: 'chk_1', state }], ofOneOrder(types), tally);
  return inWords(tally);
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
  const lost = ['unannounced: stock-reserved changed, but the log has no stock.reserved'];

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

test('a checkout that has ended has announced how, and one that has not, nothing', async () => {
  expect(await foundOf('completed', 'label.generated', 'checkout.completed')).toEqual([]);
  expect(await foundOf('refused', 'checkout.refused')).toEqual([]);
  expect(await foundOf('cancelled', 'checkout.cancelled')).toEqual([]);
  expect(await foundOf('needs-attention', 'order.created')).toEqual([]);
});

test('an end that is not announced, is announced twice or is another one, is found', async () => {
  expect(await foundOf('completed', 'label.generated')).toEqual([
    'unannounced: It is completed, but the log has no checkout.completed',
  ]);
  expect(await foundOf('refused', 'checkout.refused', 'checkout.refused')).toEqual([
    'announced-twice: The log has checkout.refused 2 times instead of once',
  ]);
  expect(await foundOf('cancelled', 'checkout.cancelled', 'checkout.completed')).toEqual([
    'uncommitted: The log has checkout.completed, which did not happen',
  ]);
  expect(await foundOf('running', 'checkout.refused')).toHaveLength(1);
});
