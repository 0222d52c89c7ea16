import { Elsewhere } from '../elsewhere';
import type { AtSandbox } from '../elsewhere';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import type { JournalLine } from '../money/journal-line';
import { judgeEffects, ROLES } from './judge-effects';
import type { Order } from './judge-effects';
import { tracesOf } from './trace';
import type { Traces } from './trace';

export interface EffectsEvidence {
  /** Of the four providers, read first: whatever a provider did belongs to a checkout that is in Postgres by then. */
  readonly journals: readonly Stream<JournalLine>[];
  readonly atSandbox: AtSandbox;
  readonly orders: Stream<Order>;
  /** Orders that ended before this had all their effects when the journals were read. Milliseconds since 1970. */
  readonly endedBefore: number;
}

/** P4: completed means seven effects, once and in order; refused or cancelled means that none remains, each undone once, newest first. */
export async function checkEffects({ journals, atSandbox, orders, endedBefore }: EffectsEvidence): Promise<Verdict> {
  const tally = new Tally();
  const elsewhere = new Elsewhere(atSandbox);
  const traces = await tracesOf(journals);
  for await (const order of orders) {
    tally.checked += 1;
    const atProviders = traces.get(order.checkoutId) ?? {};
    traces.delete(order.checkoutId);
    if (order.endedAt === null || order.endedAt.getTime() >= endedBefore) tally.pending += 1;
    else judgeEffects(order, atProviders, elsewhere.leaveOut(ROLES, order.providers), tally);
  }
  for (const [checkoutId, left] of traces) {
    if (isNothing(left)) continue;
    tally.violation('effect-without-checkout', checkoutId, 'Providers did something for it, but it is not in Postgres');
  }
  elsewhere.report(tally);
  return tally;
}

const isNothing = (traces: Traces): boolean => Object.values(traces).every(({ done, undone }) => done === undone);
