import { expect, test } from '@jest/globals';
import type { SameShape } from '../../../src/outbox/contract/same-shape';

interface Paid {
  readonly id: string;
  readonly lines: readonly { readonly sku: string }[];
  readonly note?: string;
}

// The compiler runs this test: the results are types.
test('the compiler tells apart shapes that are assignable to each other', () => {
  const same: SameShape<Paid, { id: string; lines: { sku: string }[]; note?: string }> = true;
  const empty: SameShape<Record<string, never>, object & Record<never, never>> = true;
  const different: [
    SameShape<Paid, { id: string; lines: { sku: string }[] }>,
    SameShape<Paid, { id: string; lines: { sku: string }[]; note: string }>,
    SameShape<Paid, { id: string; lines: { sku: string; quantity?: number }[]; note?: string }>,
    SameShape<{ kind: 'a' | 'b' }, { kind: 'a' }>,
    SameShape<Record<string, never>, { note?: string }>,
  ] = [false, false, false, false, false];

  expect([same, empty, ...different]).toHaveLength(7);
});
