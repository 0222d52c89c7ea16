import { expect, test } from '@jest/globals';
import { resourceIdOf } from '../../../src/idempotency/key';
import { checkAuthorizations } from '../../../src/tools/verify/authorizations/check-authorizations';
import type { Identity } from '../../../src/tools/verify/authorizations/check-authorizations';
import { aLine, foundIn } from './journal-lines';

const ID = resourceIdOf('chk', 'acme', 'key-0001');
const KEY = `${ID}:payment-authorized`;
const CHECKOUT: Identity = { checkoutId: ID, tenant: 'acme', key: 'key-0001', providers: null };
const check = (
  payments: readonly string[],
  { mail = [], checkouts = [CHECKOUT] }: { mail?: string[]; checkouts?: Identity[] } = {},
) =>
  checkAuthorizations({
    journals: {
      payments: payments.map((what) => aLine(what, KEY)),
      mail: mail.map((what) => aLine(what, `${ID}:notification-sent`)),
    },
    atSandbox: new Set(['payments http']),
    checkouts,
  });

test('accepts one authorization that was repeated, and captured or voided', async () => {
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

test('finds a second authorization while the first is live, even if one is voided later', async () => {
  const verdict = await check(['authorize authorized', 'authorize authorized', 'void voided']);

  expect(foundIn(verdict)).toEqual([`authorized-twice ${ID}`]);
});

test('finds money that is held after the key was voided, whether or not some was held before', async () => {
  const answers = ['authorize customer-action', 'void closed', 'authorize blocked'];

  expect(foundIn(await check(answers))).toEqual([]);
  expect(foundIn(await check([...answers, 'authorize authorized']))).toEqual([`held-after-void ${ID}`]);
  expect(foundIn(await check(['authorize authorized', 'void voided', 'authorize authorized', 'void voided']))).toEqual([
    `held-after-void ${ID}`,
  ]);
});

test('accepts a payment that its customer approved later', async () => {
  const approved = ['authorize customer-action', 'authorize authorized', 'capture captured'];

  expect(await check(approved)).toMatchObject({ violations: 0, details: { payments: { authorized: 1, captured: 1 } } });
});

test('finds a second capture', async () => {
  expect(foundIn(await check(['authorize authorized', 'capture captured', 'capture captured']))).toEqual([
    `captured-twice ${ID}`,
  ]);
});

test('finds a key that came with two bodies, at any provider', async () => {
  expect(foundIn(await check(['authorize conflict']))).toEqual([`two-bodies ${ID}`]);
  expect(foundIn(await check([], { mail: ['send sent', 'send conflict'] }))).toEqual([`two-bodies ${ID}`]);
});

test("finds a checkout whose id is not derived from tenant and key, since it would use another order's provider keys", async () => {
  const verdict = await check([], { checkouts: [CHECKOUT, { ...CHECKOUT, tenant: 'globex' }] });

  expect(verdict).toMatchObject({ checked: 2 });
  expect(foundIn(verdict)).toEqual([`underived-id ${ID}`]);
});

test('finds money held under a key of no checkout', async () => {
  expect(foundIn(await check(['authorize authorized'], { checkouts: [] }))).toEqual(['nobodys *']);
});

test('says which charges and keys it did not check, because the order is served elsewhere', async () => {
  const served = (providers: Identity['providers']) => check([], { checkouts: [{ ...CHECKOUT, providers }] });

  expect(await served({ payments: 'http', mail: 'sandbox', loyalty: 'http' })).toMatchObject({ unchecked: [] });
  expect(await served({ payments: 'http acme', mail: 'smtp' })).toMatchObject({
    ...{ checked: 1, excused: 2 },
    unchecked: [
      'payments: 1 order is at http acme, outside the sandbox',
      'mail: 1 order is at smtp, outside the sandbox',
    ],
  });
});
