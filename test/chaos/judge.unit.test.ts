import { expect, test } from '@jest/globals';
import { judgeEnded, judgePlaced, judgeRead } from './judge';
import type { Acknowledged, Aftermath } from './judge';
import { planOrder } from './order-mix';
import type { PlannedOrder } from './order-mix';
import type { Answer } from './shop';
import type { Visit } from './visits';

const planned: PlannedOrder = {
  ...planOrder(1, 1),
  ...{ cancelAfterMs: undefined, refusal: undefined, visit: undefined },
};
const { id, request } = planned;
const changed = { ...request, currency: 'EUR' };
const answer = (facts: Partial<Answer>): Answer => ({
  status: 202,
  code: undefined,
  location: `/v1/checkouts/${id}`,
  isReplayed: true,
  isTooEarly: false,
  body: 'accepted',
  ...facts,
});
const first = { request, answer: answer({ isReplayed: false }) };
const replayed = { request, answer: answer({}) };
const reused = answer({ status: 422, code: 'idempotency-key-reused' });

test('accepts one acceptance, its replays, and a refused other body', () => {
  expect(judgePlaced(planned, [first, replayed, { request: changed, answer: reused }])).toEqual([]);
});

test.each([
  ['different bytes', { request, answer: answer({ body: 'other' }) }, 'different bytes for one key'],
  ['a second first answer', first, 'two acceptances are not marked as replays'],
  ['another body accepted', { request: changed, answer: answer({}) }, 'two bodies were accepted'],
  ['the same body refused', { request, answer: reused }, 'the same body was accepted and refused as another one'],
  ['any other answer', { request, answer: answer({ status: 404, body: 'no' }) }, 'unexpected 404 no'],
])('reports %s', (_case, reply, difference) => {
  expect(judgePlaced(planned, [first, reply])).toEqual([difference]);
});

test('reports a key that is taken although no request with it was accepted', () => {
  const order = { ...planned, copies: 2, changed: undefined };
  const refused = { request, answer: reused };

  expect(judgePlaced(order, [refused, refused])).toEqual(['all were refused, as if another client had used the key']);
  // The request whose answer was lost may have been accepted.
  expect(judgePlaced(order, [refused])).toEqual([]);
});

const journal: Acknowledged = { order: planned, request, acceptance: 'accepted', cancelPromised: false };
const read = (state: string, code: string | null = null): Answer =>
  answer({ status: 200, body: JSON.stringify({ state, refusal: code === null ? null : { code } }) });
const outcome = answer({ status: 201, body: 'outcome' });
const aftermath: Aftermath = {
  read: read('completed'),
  again: answer({}),
  outcome,
  outcomeAgain: outcome,
  other: reused,
};

test('reports an acknowledged order that is unknown or has not ended', () => {
  expect(judgeRead(read('cancelled'))).toBeUndefined();
  expect(judgeRead(answer({ status: 404, body: 'no' }))).toBe('acknowledged, but GET answers 404 no');
  expect(judgeRead(read('running'))).toBe('it is still running');
});

test('accepts a completed order that still gets its answers', () => {
  expect(judgeEnded(journal, aftermath)).toEqual([]);
});

test.each<[string, Partial<Aftermath>]>([
  ['an acceptance with other bytes', { again: answer({ body: 'other' }) }],
  ['a second acceptance', { again: answer({ isReplayed: false }) }],
  ['two outcomes', { outcomeAgain: answer({ status: 201, body: 'other' }) }],
  ['another body that is accepted', { other: answer({}) }],
  ['an outcome other than GET shows', { read: read('refused', 'step-unavailable') }],
])('reports %s', (_case, change) => {
  expect(judgeEnded(journal, { ...aftermath, ...change })).toHaveLength(1);
});

const refused = (code: string): Aftermath => {
  const problem = answer({ status: 409, code, body: code });
  return { ...aftermath, read: read('refused', code), outcome: problem, outcomeAgain: problem };
};
const declined = { ...journal, order: { ...planned, refusal: 'payment-declined' as const } };
const cancelled = { ...journal, order: { ...planned, cancelAfterMs: 0 }, cancelPromised: true };

test('accepts an order that ends as planned, or because something was down for too long', () => {
  expect(judgeEnded(declined, refused('payment-declined'))).toEqual([]);
  expect(judgeEnded(cancelled, refused('cancelled'))).toEqual([]);
  expect(judgeEnded(journal, refused('step-unavailable'))).toEqual([]);
});

test('reports an order that ends in any other way', () => {
  expect(judgeEnded(declined, aftermath)).toEqual(['completed instead of payment-declined']);
  expect(judgeEnded(cancelled, aftermath)).toEqual(['completed instead of cancelled']);
  expect(judgeEnded(journal, refused('payment-declined'))).toEqual(['refused payment-declined instead of completed']);
});

const asked = (visit: Visit, more: Partial<Acknowledged> = {}): Acknowledged => ({
  ...journal,
  order: { ...planned, visit },
  ...more,
});

test('accepts either end of a payment that its customer decides in a race', () => {
  for (const end of [aftermath, refused('payment-abandoned'), refused('step-unavailable')])
    expect(judgeEnded(asked('approves-at-the-deadline'), end)).toEqual([]);
  for (const end of [aftermath, refused('cancelled')])
    expect(judgeEnded(asked('cancels-and-approves'), end)).toEqual([]);
});

test('reports a payment that ends otherwise than its customer decided', () => {
  expect(judgeEnded(asked('declines'), aftermath)).toEqual(['completed instead of payment-declined']);
  expect(judgeEnded(asked('abandons'), aftermath)).toEqual(['completed instead of payment-abandoned']);
  expect(judgeEnded(asked('abandons'), refused('payment-declined'))).toEqual([
    'refused payment-declined instead of payment-abandoned',
  ]);
  expect(judgeEnded(asked('approves'), refused('payment-declined'))).toEqual([
    'refused payment-declined instead of completed',
  ]);
  expect(judgeEnded(asked('cancels-then-approves', { cancelPromised: true }), aftermath)).toEqual([
    'completed instead of cancelled',
  ]);
});
