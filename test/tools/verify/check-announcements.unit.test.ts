import { expect, test } from '@jest/globals';
import type { CheckoutState } from '../../../src/domain/checkout-states';
import type { Change, Ending } from '../../../src/tools/verify/events/check-announcements';
import { checkAnnouncements, checkEndings } from '../../../src/tools/verify/events/check-announcements';
import { Tally } from '../../../src/tools/verify/verdict';
import { aLog } from './sink-records';

const ofOneOrder = (types: readonly string[]) => {
  const names = types.map((_, at) => `chk_1/${at + 1}`);
  return aLog(names, (name) => ({ type: types[names.indexOf(name)] ?? '' }));
};

const inWords = ({ examples }: Tally): string[] => examples.map(({ kind, sentence }) => `${kind}: ${sentence}`);

/** The violations, when the ledger has this change and the log has these events of the order. */
async function found(change: Partial<Change>, ...types: string[]): Promise<string[]> {
  const tally = new Tally();
  const stock: Change = { checkoutId: 'chk_1', step: 'stock-reserved', done: true, undone: false };
  await checkAnnouncements([{ ...stock, ...change }], ofOneOrder(types), tally);
  return inWords(tally);
}

/** The violations, when a checkout is in this state and the log has these events of it. */
const foundOf = (state: CheckoutState, ...types: string[]): Promise<string[]> => foundOfWait(null, state, ...types);

async function foundOfWait(waited: Ending['waited'], state: CheckoutState, ...types: string[]): Promise<string[]> {
  const tally = new Tally();
  await checkEndings([{ checkoutId: 'chk_1', state, waited }], ofOneOrder(types), tally);
  return inWords(tally);
}

test('accepts one event for each change', async () => {
  expect(await found({}, 'order.created', 'stock.reserved')).toEqual([]);
  expect(await found({ undone: true }, 'stock.reserved', 'stock.released')).toEqual([]);
});

test('expects no event for the tombstone of a step that never happened, or that operators skipped', async () => {
  const tombstone = { done: false, undone: true };

  expect(await found(tombstone, 'order.created')).toEqual([]);
  expect(await found({ ...tombstone, step: 'loyalty-awarded' }, 'loyalty.skipped')).toEqual([]);
});

test('finds a change whose event is lost, even if the log has no event of the order', async () => {
  const lost = ['unannounced: stock-reserved changed, but the log has no stock.reserved'];

  expect(await found({}, 'order.created')).toEqual(lost);
  expect(await found({})).toEqual(lost);
  expect(await found({ undone: true }, 'stock.reserved')).toHaveLength(1);
});

test('finds an event that is repeated or did not happen', async () => {
  expect(await found({}, 'stock.reserved', 'stock.reserved')).toEqual([
    'announced-twice: The log has stock.reserved 2 times instead of once',
  ]);
  expect(await found({}, 'stock.reserved', 'stock.released')).toEqual([
    'uncommitted: The log has stock.released, which did not happen',
  ]);
});

test("accepts the event of an ended checkout's end, and none of an open one", async () => {
  expect(await foundOf('completed', 'label.generated', 'checkout.completed')).toEqual([]);
  expect(await foundOf('refused', 'checkout.refused')).toEqual([]);
  expect(await foundOf('cancelled', 'checkout.cancelled')).toEqual([]);
  expect(await foundOf('needs-attention', 'order.created')).toEqual([]);
});

test('finds an end whose event is missing, repeated or wrong', async () => {
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

test('finds a wait for the customer that nobody was told about, and one that never was', async () => {
  const asked = 'payment.awaiting-customer';

  expect(await foundOfWait('customer', 'awaiting-customer')).toEqual([
    `unannounced: It waited for its customer, but the log has no ${asked}`,
  ]);
  expect(await foundOf('running', asked)).toEqual([`uncommitted: The log has ${asked}, which did not happen`]);
  // The processor may hand the decision to the customer, take it over, and hand it back.
  expect(await foundOfWait('customer', 'awaiting-customer', asked, asked)).toEqual([]);
  expect(await foundOfWait('provider', 'running', asked)).toEqual([]);
  expect(await foundOfWait('provider', 'running')).toEqual([]);
});
