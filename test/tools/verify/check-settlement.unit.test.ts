import { expect, test } from '@jest/globals';
import type { Choices } from '../../../src/ports/providers';
import { checkSettlement } from '../../../src/tools/verify/events/check-settlement';
import type { Later } from '../../../src/tools/verify/events/later';
import { noFigures } from '../../../src/tools/verify/events/sink-figures';
import type { JournalLine } from '../../../src/tools/verify/money/journal-line';
import { Tally } from '../../../src/tools/verify/verdict';
import { aLog, NOTHING_LATER } from './sink-records';

const capture = (checkoutId: string, outcome = 'captured'): JournalLine => ({
  ...{ at: '2026-01-02T12:00:00.000Z', key: `${checkoutId}:payment-authorized`, operation: 'capture' },
  outcome,
});
const labelled = (...names: string[]) => aLog(names, () => ({ type: 'label.generated' }));

async function settled(
  log: ReturnType<typeof aLog>,
  payments: readonly JournalLine[],
  { later = NOTHING_LATER, providers = null }: { later?: Later; providers?: Choices | null } = {},
) {
  const tally = new Tally();
  const figures = noFigures();
  const providersOf = async (ids: readonly string[]) => ids.map((checkoutId) => ({ checkoutId, providers }));
  const evidence = { payments, atSandbox: new Set<string>(), providersOf };
  await checkSettlement(evidence, { log, tally, figures, askLater: async () => later });
  const { checked, unchecked } = tally;
  return {
    ...figures,
    checked,
    unchecked,
    found: tally.examples.map(({ kind, checkoutId }) => `${kind} ${checkoutId ?? '*'}`),
  };
}

test('accepts a capture for each label, and counts a repeated one as a duplicate', async () => {
  const journal = [capture('chk_1', 'failed'), capture('chk_1'), capture('chk_1', 'replayed'), capture('chk_2')];

  const result = await settled(labelled('chk_1/1', 'chk_2/1'), journal);

  expect(result).toMatchObject({ events: 2, deliveries: 3, duplicates: 1, found: [] });
});

test('counts a label that settlement has passed without a capture as missing, and as pending before that', async () => {
  const log = aLog(['chk_1/1', 'chk_2/1'], (name) => ({
    type: 'label.generated',
    passedBy: name === 'chk_1/1' ? ['settlement'] : [],
  }));

  expect(await settled(log, [])).toMatchObject({ missing: 1, pending: 1, found: ['missing chk_1'] });
});

test('does not miss what a processor elsewhere captured, and says so', async () => {
  const log = aLog(['chk_1/1'], () => ({ type: 'label.generated', passedBy: ['settlement'] }));

  const elsewhere = await settled(log, [], { providers: { payments: 'http acme' } });
  const atTheSandbox = await settled(log, [], { providers: { payments: 'sandbox', mail: 'http' } });

  const unchecked = ['payments: 1 order is at http acme, outside the sandbox'];
  expect(elsewhere).toMatchObject({ checked: 0, missing: 0, unchecked, found: [] });
  expect(atTheSandbox).toMatchObject({ checked: 1, missing: 1, unchecked: [], found: ['missing chk_1'] });
});

test('counts a capture without a label event as uncommitted, unless the event came later or long ago', async () => {
  const label = { id: 'x', type: 'label.generated', digest: '=' };
  const later: Later = { events: new Map([['chk_2/9', label]]), older: new Set(['chk_3']) };

  const journal = ['chk_1', 'chk_2', 'chk_3'].map((id) => capture(id));
  const result = await settled(aLog(['chk_1/1']), journal, { later });

  expect(result).toMatchObject({ uncommitted: 1, found: ['uncommitted chk_1'] });
});
