import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { DecisionJudge } from './decision-judge';
import type { Decision } from './decision-judge';
import { EventJudge } from './event-judge';
import type { DeskEvent } from './event-judge';

/** What an operator did, and what it must leave behind. */
export interface Act extends Decision {
  readonly kind: 'repair' | 'redrive' | 'resume';
  readonly operator: string | null;
  readonly reason: string | null;
  readonly at: Date | null;
  /** Whether anybody had asked for an operator. */
  readonly asked: boolean;
}

export interface OperatorsEvidence {
  /** Read last: the act is in the transaction that announces what it led to, or in an earlier one. */
  readonly acts: Stream<Act>;
  /** What was announced about operators, in the order of each checkout. */
  readonly events: Stream<DeskEvent>;
}

/** P11: an act is one row with who, when and why; a case has one decision; and what was settled was settled once. */
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
    if (known.has(`${kind} ${id}`)) tally.violation('done-twice', checkoutId, `The ${kind} ${id} is there twice`);
    known.add(`${kind} ${id}`);
    if (kind === 'repair') decisions.take(act);
    const gap = gapIn(act);
    if (gap) tally.violation('unexplained', checkoutId, `The ${kind} ${id} does not say ${gap}`);
    if (!act.asked) tally.violation('unasked', checkoutId, `The ${kind} ${id} settled what nobody had asked about`);
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
