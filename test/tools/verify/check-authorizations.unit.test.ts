import { expect, test } from '@jest/globals';
import { resourceIdOf } from '../../../src/idempotency/key';
import { checkAuthorizations } from '../../../src/tools/verify/authorizations/check-authorizations';
import type { Identity } from '../../../src/tools/verify/authorizations/check-authorizations';
import { aLine, foundIn } from './journal-stories';

const ID = resourceIdOf('chk', 'acme', 'key-0001');
const KEY = `${ID}:payment-authorized`;
const CHECKOUT: Identity = { checkoutId: ID, tenant: 'acme', key: 'key-0001' };
const check = (
  payments: readonly string[],
  { mail = [], checkouts = [CHECKOUT] }: { mail?: string[]; checkouts?: Identity[] } = {},
) =>
  checkAuthorizations({
    journals: {
      payments: payments.map((what) => aLine(what, KEY)),
      mail: mail.map((what) => aLine(what, `${ID}:notification-sent`)),
    },
    checkouts,
  });

test('one authorization that was asked for again and captured, or freed, is as promised', async () => {
  const captured = [
    'authorize failed',
    'authorize authorized',
    'authorize replayed',
    'capture captured',
    'capture replayed',
  ];

  expect(await check(captured)).toMatchObject({ violations: 0, details: { payments: { authorized: 1, captured: 1 } } });
  expect(await check(['authorize authorized', 'void voided', 'void replayed'])).toMatchObject({ violations: 0 });
});

test('a second authorization while the first one lives is found, also where one is freed later', async () => {
  const verdict = await check(['authorize authorized', 'authorize authorized', 'void voided']);

  expect(foundIn(verdict)).toEqual([`authorized-twice ${ID}`]);
});

test('a second capture is found', async () => {
  expect(foundIn(await check(['authorize authorized', 'capture captured', 'capture captured']))).toEqual([
    `captured-twice ${ID}`,
  ]);
});

test('a key that came with two bodies is found at whichever provider', async () => {
  expect(foundIn(await check(['authorize conflict']))).toEqual([`two-bodies ${ID}`]);
  expect(foundIn(await check([], { mail: ['send sent', 'send conflict'] }))).toEqual([`two-bodies ${ID}`]);
});

test("a checkout whose id does not follow from tenant and key is found: its provider keys would be another order's", async () => {
  const verdict = await check([], { checkouts: [CHECKOUT, { ...CHECKOUT, tenant: 'globex' }] });

  expect(verdict).toMatchObject({ checked: 2 });
  expect(foundIn(verdict)).toEqual([`underived-id ${ID}`]);
});

test('money that is held under a key of no checkout is found, though each key has it once', async () => {
  expect(foundIn(await check(['authorize authorized'], { checkouts: [] }))).toEqual(['nobodys *']);
});
