import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../src/idempotency/fingerprint';
import { jsonAnswer } from '../../../src/idempotency/stored-answer';
import { checkAnswers } from '../../../src/tools/verify/answers/check-answers';
import type { Claim, ClaimedCheckout } from '../../../src/tools/verify/answers/judge-claim';
import type { Answered, Asked } from '../../../src/tools/verify/answers/judge-replay';
import { foundIn } from './journal-lines';

const REQUEST = { currency: 'USD' };
const ACCEPTANCE = jsonAnswer(202, { id: 'chk_1', state: 'accepted' });
const OUTCOME = jsonAnswer(201, { id: 'chk_1', state: 'completed' });
const EMPTY = { ...ACCEPTANCE, body: Buffer.alloc(0) };

const claimed = (claim: Partial<Claim> | null = {}, more: Partial<ClaimedCheckout> = {}): ClaimedCheckout => ({
  ...{ checkoutId: 'chk_1', tenant: 'acme', key: 'key-0001', request: REQUEST, state: 'completed' },
  claim: claim && {
    fingerprint: fingerprintOf({ operation: 'POST /v1/checkouts', version: 'v1', body: REQUEST }),
    ...{ resourceId: 'chk_1', forgotten: false, acceptance: ACCEPTANCE, outcome: OUTCOME },
    ...claim,
  },
  ...more,
});

const stored = async (checkout: ClaimedCheckout) =>
  foundIn(await checkAnswers({ claimed: [checkout], sample: [], askAs: () => undefined }));

const REUSED: Answered = { status: 422, body: Buffer.from('{}'), replayed: false };
const asBefore = ({ body, wait }: Asked): Answered =>
  Object.keys(body).length > 1 ? REUSED : { ...(wait ? OUTCOME : ACCEPTANCE), replayed: true };
const replayedWith = (answer: (asked: Asked) => Answered) =>
  checkAnswers({ claimed: [], sample: [claimed()], askAs: () => async (asked) => answer(asked) });

test('accepts a claim with the fingerprint and the answers of its checkout', async () => {
  expect(await stored(claimed())).toEqual([]);
  expect(await stored(claimed({ outcome: null }, { state: 'running' }))).toEqual([]);
  const refused = jsonAnswer(402, { code: 'payment-declined', checkoutId: 'chk_1' });
  expect(await stored(claimed({ outcome: refused }, { state: 'refused' }))).toEqual([]);
  expect(await stored(claimed({ forgotten: true, acceptance: EMPTY, outcome: null }))).toEqual([]);
});

test.each([
  ['no-claim', claimed(null)],
  ['other-checkout', claimed({ resourceId: 'chk_2' })],
  ['other-body', claimed({}, { request: { currency: 'EUR' } })],
  ['wrong-acceptance', claimed({ acceptance: jsonAnswer(202, { id: 'chk_2', state: 'accepted' }) })],
  ['wrong-acceptance', claimed({ acceptance: EMPTY })],
  ['early-outcome', claimed({ outcome: jsonAnswer(402, { checkoutId: 'chk_1' }) }, { state: 'running' })],
  ['wrong-outcome', claimed({ outcome: jsonAnswer(402, { checkoutId: 'chk_1' }) })],
  ['wrong-outcome', claimed({ outcome: jsonAnswer(201, { id: 'chk_2' }) })],
  ['not-forgotten', claimed({ forgotten: true, outcome: null })],
])('finds %s', async (kind, checkout) => {
  expect(await stored(checkout)).toEqual([`${kind} chk_1`]);
});

test('accepts the same bytes replayed, marked as a replay, for acceptance and outcome', async () => {
  expect(await replayedWith(asBefore)).toMatchObject({ violations: 0, details: { answers: { replayed: 2 } } });
});

test('finds other bytes, another status, and a replay that is not marked', async () => {
  const instead = (more: Partial<Answered>) => async () =>
    foundIn(await replayedWith((asked) => ({ ...asBefore(asked), ...(asked.wait && more) })));

  expect(await instead({ body: Buffer.from('{"id":"chk_1"}') })()).toEqual(['other-answer chk_1']);
  expect(await instead({ status: 202 })()).toEqual(['other-answer chk_1']);
  expect(await instead({ replayed: false })()).toEqual(['other-answer chk_1']);
});

test('finds another body that is accepted under the key', async () => {
  const verdict = await replayedWith((asked) => ({
    ...asBefore(asked),
    ...(asBefore(asked) === REUSED && { status: 202 }),
  }));

  expect(foundIn(verdict)).toEqual(['reused-key chk_1']);
});

test.each([401, 429, 503])('an API that answers %i proves nothing', async (status) => {
  const verdict = await replayedWith((asked) => ({ ...asBefore(asked), status }));

  expect(verdict).toMatchObject({ violations: 0, unchecked: [expect.stringContaining(String(status))] });
});

test('skips tenants whose API key is unknown, and says so', async () => {
  const verdict = await checkAnswers({ claimed: [], sample: [claimed()], askAs: () => undefined });

  expect(verdict).toMatchObject({ violations: 0, notes: [expect.stringContaining('1 keys')] });
});
