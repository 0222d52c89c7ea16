import { expect, test } from '@jest/globals';
import { checkMoney } from '../../../src/tools/verify/money/check-money';
import type { JournalLine } from '../../../src/tools/verify/money/journal-line';
import type { OrderCost } from '../../../src/tools/verify/money/money-judge';

const NOON = Date.parse('2026-01-02T12:00:00.000Z');
const SETTLED_BEFORE = NOON - 60_000;
const EARLIER = new Date(NOON - 300_000).toISOString();

type Line = Omit<JournalLine, 'at' | 'key'> & { readonly at?: string };

const lines = (step: string, journal: readonly (readonly [checkoutId: string, line: Line])[]): JournalLine[] =>
  journal.map(([checkoutId, line]) => ({ at: EARLIER, key: `${checkoutId}:${step}`, ...line }));
const money = (amount: number, currency = 'USD') => ({ amount, currency });
const captured = (amount: number, currency = 'USD'): Line => ({
  operation: 'capture',
  outcome: 'captured',
  ...money(amount, currency),
});
const LABEL: Line = { operation: 'label', outcome: 'generated' };

interface Evidence {
  readonly payments?: readonly (readonly [string, Line])[];
  readonly labels?: readonly (readonly [string, Line])[];
  readonly orders?: readonly (readonly [string, number, Partial<OrderCost>?])[];
}

const check = ({ payments = [], labels = [], orders = [] }: Evidence) =>
  checkMoney({
    payments: lines('payment-authorized', payments),
    labels: lines('label-generated', labels),
    atSandbox: new Set(['payments http']),
    orders: orders.map(([checkoutId, minor, more]) => ({
      ...{ checkoutId, cost: { minor: BigInt(minor), currency: 'USD' }, providers: null, labelledAt: null },
      ...{ voidedByHand: false, heldBack: false },
      ...more,
    })),
    settledBefore: SETTLED_BEFORE,
  });

const kindsIn = async (evidence: Evidence): Promise<string[]> =>
  (await check(evidence)).examples.map(({ kind, checkoutId }) => `${kind} ${checkoutId ?? '*'}`);

test('accepts completed orders that were each captured once, and others that were not', async () => {
  const verdict = await check({
    payments: [
      ['chk_1', { operation: 'authorize', outcome: 'authorized', ...money(3000) }],
      ['chk_1', captured(3000)],
      ['chk_1', { operation: 'capture', outcome: 'replayed' }],
      ['chk_2', { operation: 'authorize', outcome: 'authorized', ...money(900) }],
      ['chk_2', { operation: 'void', outcome: 'voided', ...money(900) }],
    ],
    labels: [['chk_1', LABEL]],
    orders: [
      ['chk_1', 3000],
      ['chk_2', 900],
      ['chk_3', 1500],
    ],
  });

  expect(verdict).toMatchObject({ checked: 3, violations: 0, pending: 0, examples: [] });
  expect(verdict.details).toEqual({ USD: { captured: 3000, refunded: 0, completed: 3000 } });
});

test('finds an order that was captured twice, and the wrong sum', async () => {
  const payments = [['chk_1', captured(3000)] as const, ['chk_1', captured(3000)] as const];

  const kinds = await kindsIn({ payments, labels: [['chk_1', LABEL]], orders: [['chk_1', 3000]] });

  expect(kinds).toEqual(['captured-twice chk_1', 'wrong-amount chk_1', 'sum-differs *']);
});

test('finds a capture of a refused or cancelled order', async () => {
  expect(await kindsIn({ payments: [['chk_1', captured(3000)]], orders: [['chk_1', 3000]] })).toEqual([
    'captured-without-order chk_1',
    'sum-differs *',
  ]);
});

test('finds a capture of an order whose label was voided, unless it was refunded', async () => {
  const labels = [['chk_1', LABEL] as const, ['chk_1', { operation: 'void', outcome: 'voided' }] as const];
  const payments = [['chk_1', captured(3000)] as const];
  const refund = ['chk_1', { operation: 'refund', outcome: 'refunded', ...money(3000) }] as const;
  const orders = [['chk_1', 3000] as const];

  expect(await kindsIn({ payments, labels, orders })).toEqual(['captured-without-order chk_1', 'sum-differs *']);
  expect(await kindsIn({ payments: [...payments, refund], labels, orders })).toEqual([]);
  const givenBack = ['chk_1', { operation: 'void', outcome: 'refunded', ...money(3000) }] as const;
  expect(await kindsIn({ payments: [...payments, givenBack], labels, orders })).toEqual([]);
});

test('finds a capture of an order that is not in Postgres', async () => {
  expect(await kindsIn({ payments: [['chk_9', captured(1)]], labels: [['chk_9', LABEL]] })).toEqual([
    'captured-without-order chk_9',
    'sum-differs *',
  ]);
});

test('finds an amount that is wrong by one minor unit', async () => {
  const evidence = { labels: [['chk_1', LABEL] as const], orders: [['chk_1', 3000] as const] };

  const verdict = await check({ ...evidence, payments: [['chk_1', captured(2999)]] });

  expect(verdict.examples.map(({ sentence }) => sentence)).toEqual([
    'It costs USD 30.00, but USD 29.99 was captured',
    'USD: 2999 captured, 0 refunded, 3000 completed',
  ]);
});

test('finds amounts that are wrong by the same in both directions, although the sum is right', async () => {
  const kinds = await kindsIn({
    payments: [
      ['chk_1', captured(3001)],
      ['chk_2', captured(2999)],
    ],
    labels: [
      ['chk_1', LABEL],
      ['chk_2', LABEL],
    ],
    orders: [
      ['chk_1', 3000],
      ['chk_2', 3000],
    ],
  });

  expect(kinds).toEqual(['wrong-amount chk_1', 'wrong-amount chk_2']);
});

test('finds the right number in the wrong currency', async () => {
  const kinds = await kindsIn({
    payments: [['chk_1', captured(3000, 'JPY')]],
    labels: [['chk_1', LABEL]],
    orders: [['chk_1', 3000]],
  });

  expect(kinds).toEqual(['wrong-currency chk_1', 'sum-differs *', 'sum-differs *']);
});

test('finds an authorization that was both voided and captured', async () => {
  const payments = [
    ['chk_1', captured(3000)] as const,
    ['chk_1', { operation: 'void', outcome: 'voided' } as const] as const,
  ];

  expect(await kindsIn({ payments, labels: [['chk_1', LABEL]], orders: [['chk_1', 3000]] })).toEqual([
    'voided-and-captured chk_1',
  ]);
});

test('counts a completed order without capture as pending while it is young, and as a violation later', async () => {
  const at = (ms: number) => ({ ...LABEL, at: new Date(ms).toISOString() });
  const orders = [['chk_1', 3000] as const];

  const young = await check({ labels: [['chk_1', at(SETTLED_BEFORE)]], orders });
  const old = await check({ labels: [['chk_1', at(SETTLED_BEFORE - 1)]], orders });

  expect(young).toMatchObject({ violations: 0, pending: 1 });
  expect(old.examples.map(({ kind }) => kind)).toEqual(['not-captured', 'sum-differs']);
});

test('waits for the capture of an order whose warehouse refused it after all, however old it is', async () => {
  const orders = [['chk_1', 3000, { heldBack: true }] as const];

  const waiting = await check({ labels: [['chk_1', LABEL]], orders });
  const settled = await check({ labels: [['chk_1', LABEL]], orders, payments: [['chk_1', captured(3000)]] });

  expect(waiting).toMatchObject({ violations: 0, pending: 1 });
  expect(settled).toMatchObject({ violations: 0, pending: 0 });
});

test('expects no capture for an order whose label an operator voided by hand', async () => {
  const evidence = { labels: [['chk_1', LABEL] as const], orders: [['chk_1', 3000, { voidedByHand: true }] as const] };

  expect(await kindsIn(evidence)).toEqual([]);
  expect(await kindsIn({ ...evidence, payments: [['chk_1', captured(3000)]] })).toEqual([
    'captured-without-order chk_1',
    'sum-differs *',
  ]);
});

test('does not look for a capture of an order whose payments are elsewhere, and says so', async () => {
  const at = (payments: string) =>
    check({ labels: [['chk_1', LABEL]], orders: [['chk_1', 3000, { providers: { payments } }]] });

  expect(await at('http acme')).toMatchObject({
    ...{ checked: 0, violations: 0, excused: 1 },
    unchecked: ['payments: 1 order is at http acme, outside the sandbox'],
  });
  expect((await at('http')).examples.map(({ kind }) => kind)).toEqual(['not-captured', 'sum-differs']);
});

test('takes an order whose carrier is elsewhere as completed once the ledger has its label', async () => {
  const order = (labelledAt: number | null) => [
    ['chk_1', 3000, { providers: { carrier: 'own-label' }, labelledAt }] as const,
  ];
  const payments = [['chk_1', captured(3000)] as const];
  const made = SETTLED_BEFORE - 1;

  expect(await check({ payments, orders: order(made) })).toMatchObject({ checked: 1, violations: 0, unchecked: [] });
  expect(await kindsIn({ orders: order(made) })).toEqual(['not-captured chk_1', 'sum-differs *']);
  expect(await check({ orders: order(made + 1) })).toMatchObject({ violations: 0, pending: 1 });
  expect(await kindsIn({ payments, orders: order(null) })).toEqual(['captured-without-order chk_1', 'sum-differs *']);
});

test('does not believe the ledger about a label that the sandbox would know', async () => {
  const orders = [['chk_1', 3000, { providers: { carrier: 'sandbox' }, labelledAt: 1 }] as const];

  expect(await kindsIn({ payments: [['chk_1', captured(3000)]], orders })).toEqual([
    'captured-without-order chk_1',
    'sum-differs *',
  ]);
});
