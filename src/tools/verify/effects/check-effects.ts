import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import type { JournalLine } from '../money/journal-line';
import { judgeEffects } from './judge-effects';
import type { Order } from './judge-effects';
import { tracesOf } from './trace';
import type { Traces } from './trace';

export interface EffectsEvidence {
  /** Of the four providers, read first: what a provider was asked for belongs to a checkout that is in Postgres by then. */
  readonly journals: readonly Stream<JournalLine>[];
  readonly orders: Stream<Order>;
  /** What ended before had all its effects when the journals were read. In milliseconds since 1970. */
  readonly endedBefore: number;
}

/** P4: completed is seven effects, once and in order; refused or cancelled is none that remains, undone newest first and once. */
export async function checkEffects({ journals, orders, endedBefore }: EffectsEvidence): Promise<Verdict> {
  const tally = new Tally();
  const traces = await tracesOf(journals);
  for await (const order of orders) {
    tally.checked += 1;
    const atProviders = traces.get(order.checkoutId) ?? {};
    traces.delete(order.checkoutId);
    if (order.endedAt === null || order.endedAt.getTime() >= endedBefore) tally.pending += 1;
    else judgeEffects(order, atProviders, tally);
  }
  for (const [checkoutId, left] of traces) {
    if (isNothing(left)) continue;
    tally.violation(
      'effect-without-checkout',
      checkoutId,
      'Providers did something for it, and Postgres does not know it',
    );
  }
  return tally;
}

const isNothing = (traces: Traces): boolean => Object.values(traces).every(({ done, undone }) => done === undone);
