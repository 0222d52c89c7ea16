import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { DecisionJudge } from './decision-judge';
import type { Decision } from './decision-judge';
import { EventJudge } from './event-judge';
import type { DeskEvent } from './event-judge';

/** One action of an operator, as Postgres recorded it. */
export interface Act extends Decision {
  readonly kind: 'repair' | 'redrive' | 'resume';
  readonly operator: string | null;
  readonly reason: string | null;
  readonly at: Date | null;
  /** Whether the step had asked for an operator. */
  readonly asked: boolean;
}

export interface OperatorsEvidence {
  /** Read last: an act is committed with, or before, the events it led to. */
  readonly acts: Stream<Act>;
  /** The events about attention, in each checkout's order. */
  readonly events: Stream<DeskEvent>;
}

/** P11: an act is one row with who, when and why; each case has one decision and is settled once. */
export async function checkOperators({ acts, events }: OperatorsEvidence): Promise<Verdict> {
  const tally = new Tally();
  const known = new Set<string>();
  const skipped = new Set<string>();
  const decisions = new DecisionJudge(tally);
  for await (const act of acts) {
    tally.checked += 1;
    const { id, kind, checkoutId, step, action } = act;
    const figures = (tally.details[`${kind}s`] ??= { acts: 0 });
    figures['acts'] = (figures['acts'] ?? 0) + 1;
    if (known.has(`${kind} ${id}`)) tally.violation('done-twice', checkoutId, `The ${kind} ${id} is recorded twice`);
    known.add(`${kind} ${id}`);
    if (kind === 'repair') decisions.take(act);
    const gap = gapIn(act);
    if (gap) tally.violation('unexplained', checkoutId, `The ${kind} ${id} does not say ${gap}`);
    if (!act.asked)
      tally.violation('unasked', checkoutId, `The ${kind} ${id} settled a step that did not wait for an operator`);
    if (action === 'skip') skipped.add(`${checkoutId}/${step}`);
  }
  const judge = new EventJudge(tally, skipped);
  for await (const event of events) judge.take(event);
  return tally;
}

function gapIn({ operator, reason, at }: Act): string | undefined {
  if (!operator?.trim()) return 'who did it';
  if (!reason?.trim()) return 'why';
  return at === null ? 'when' : undefined;
}
