import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import type { Entry } from '../../../src/local/sandbox/entry';
import { aDataDir, sandboxClient } from '../../support/sandbox';

const TOKENS = ['tok_visa', 'tok_declined', 'tok_flaky', 'tok_3ds'];
const ORDERS = TOKENS.map((_, order) => order);
const aCall = fc.record({
  // The last two are what a customer does, who has the page from the moment it is asked.
  operation: fc.constantFrom('authorize', 'void', 'capture', 'approve', 'decline'),
  order: fc.constantFrom(...ORDERS, ORDERS.length - 1),
  // Mostly the order's own amount, sometimes another one, which must change nothing.
  amount: fc.constantFrom(100, 100, 100, 200),
  restartBefore: fc.boolean(),
});
type Call = { operation: string; order: number; amount: number; restartBefore: boolean };

const bodyOf = ({ operation, order, amount }: Call): object => {
  const money = { amount, currency: 'USD' };
  if (operation === 'void') return {};
  return operation === 'capture' ? money : { ...money, token: TOKENS[order] };
};

/** Makes the calls; with `restarting`, rebuilds the sandbox from its journal wherever a call says so. */
async function run(calls: readonly Call[], restarting: boolean): Promise<{ answers: unknown[]; journal: Entry[] }> {
  const dataDir = aDataDir();
  let app = buildSandbox({ dataDir });
  const answers: unknown[] = [];
  let page: string | undefined;
  for (const call of calls) {
    if (restarting && call.restartBefore) {
      await app.close();
      app = buildSandbox({ dataDir });
    }
    if (call.operation === 'approve' || call.operation === 'decline') {
      if (page === undefined) continue;
      answers.push((await app.inject({ method: 'POST', url: `${page}/${call.operation}` })).statusCode);
      continue;
    }
    const { status, body } = await sandboxClient(app).post(
      `/provider/v1/payments/${call.operation}`,
      `chk_${call.order}:s`,
      bodyOf(call),
    );
    if (typeof body['url'] === 'string') page = new URL(body['url']).pathname;
    answers.push([status, body['outcome'] ?? body['code'], body['reason']]);
  }
  const journal = await sandboxClient(app).journal('payments');
  await app.close();
  return { answers, journal };
}

test('in any order of calls, a key holds money at most once, and never after a void or beside a capture', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aCall, { maxLength: 25 }), async (calls) => {
      const { journal } = await run(calls, false);

      for (const order of ORDERS) {
        const outcomes = journal
          .filter(({ key }) => key === `chk_${order}:s`)
          .map(({ operation, outcome }) => `${operation} ${outcome}`);
        const count = (outcome: string) => outcomes.filter((happened) => happened === outcome).length;
        expect(count('authorize authorized')).toBeLessThanOrEqual(1);
        expect(count('authorize authorized') + count('authorize declined')).toBeLessThanOrEqual(1);
        expect(count('void voided') + count('capture captured')).toBeLessThanOrEqual(count('authorize authorized'));
        const closedAt = outcomes.findIndex((happened) => ['void voided', 'void closed'].includes(happened));
        const after = closedAt === -1 ? [] : outcomes.slice(closedAt + 1);
        expect(after).not.toContain('authorize authorized');
        expect(after).not.toContain('authorize replayed');
        expect(after).not.toContain('capture captured');
      }
      const bodies = journal.filter(({ outcome }) => outcome !== 'conflict');
      const bodiesByKey = new Map<string, Set<string>>();
      for (const { operation, key, bodyDigest } of bodies) {
        const of = `${operation} ${key}`;
        bodiesByKey.set(of, (bodiesByKey.get(of) ?? new Set()).add(bodyDigest));
      }
      for (const digests of bodiesByKey.values()) expect(digests.size).toBe(1);
    }),
    { numRuns: 40 },
  );
});

test('restarts at any point change no answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aCall, { maxLength: 15 }), async (calls) => {
      const straight = await run(calls, false);
      const restarted = await run(calls, true);

      expect(restarted.answers).toEqual(straight.answers);
      expect(restarted.journal.map(({ outcome }) => outcome)).toEqual(straight.journal.map(({ outcome }) => outcome));
    }),
    { numRuns: 20 },
  );
});
