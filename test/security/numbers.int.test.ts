import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../api/app';
import { holdsCardData } from '../../api/card-data';
import { renderOutcome } from '../../api/idempotency/outcome';
import { checkoutsIn } from '../../src/checkouts/checkouts';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { calm } from './calm';

let world: ApiWorld;
let app: FastifyInstance;
/** Accepted checkouts are not started here: this is about the API, and thousands of workflows would take minutes. */
beforeAll(async () => {
  world = await apiWorld();
  const { db, watch, options } = world;
  const nothing = () => undefined;
  app = await buildApp({
    ...options,
    checkouts: checkoutsIn(db, { starter: { startSoon: nothing, cancelSoon: nothing }, watch, renderOutcome }),
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await world.close();
});
beforeEach(() => calm(app));

const AT_ONCE = 10;
const CASES = 10_000;

/** As text, because parsing could change it. */
const written = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('0', '-0', '-1', '1.5', '"1"', '[1]', 'true', 'null', '1e308', '1e400', '{}'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('2147483648', '9007199254740993', '1000000', '1000001', '1.0', '1e2', '1e-7'),
  },
  { weight: 2, arbitrary: fc.bigInt().map(String) },
  { weight: 2, arbitrary: fc.double().map((number) => JSON.stringify(number)) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 1_000_000 }).map(String) },
);
const cases = fc.record({
  quantity: written,
  expectedTotal: fc.option(written, { nil: undefined }),
  currency: fc.constantFrom('USD', 'JPY', 'KWD'),
});

const isWhole = (text: string, most: number): boolean => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
};
const isGood = ({ quantity, expectedTotal }: { quantity: string; expectedTotal: string | undefined }): boolean =>
  isWhole(quantity, 1_000_000) &&
  (expectedTotal === undefined ||
    (isWhole(expectedTotal, Number.MAX_SAFE_INTEGER) && !holdsCardData(String(JSON.parse(expectedTotal)))));

test('for 10,000 quantities and amounts, answers 202 to whole numbers within bounds and 400 to all others, never 500', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cases, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
      const answers = batch.map(async ({ quantity, expectedTotal, currency }) => {
        const body = JSON.stringify({ ...aRequest(), currency, items: [{ sku: 'MUG-BLUE', quantity: 'Q' }] });
        const amount = expectedTotal === undefined ? '' : `,"expectedTotal":${expectedTotal}`;
        const asWritten = body.replace('"Q"', quantity).replace(/}$/, `${amount}}`);
        return (await place(app, { key: aKey(), body: asWritten })).statusCode;
      });

      expect(await Promise.all(answers)).toEqual(batch.map((each) => (isGood(each) ? 202 : 400)));
    }),
    { numRuns: CASES / AT_ONCE },
  );
});
