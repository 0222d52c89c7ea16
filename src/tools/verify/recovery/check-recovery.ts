import type { CheckoutState } from '../../../domain/checkout-states';
import { owedSince } from '../owed-since';
import type { Owing } from '../owed-since';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** One row of `resumes`. */
export interface Resume {
  readonly number: number;
  /** What had happened to the previous run. */
  readonly found: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An order that was resumed, or that has not ended and may have lost its workflow. */
export interface Survivor extends Owing {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
  readonly state: CheckoutState;
  readonly endedAt: Date | null;
  /** How often it was resumed, according to its own row. */
  readonly resumes: number;
  /** Ordered by number. */
  readonly told: readonly Resume[];
}

export interface LostRun {
  /** As Temporal spells it, or `gone`. */
  readonly status: string;
  /** Milliseconds since 1970; null if the run is gone. */
  readonly closedAt: number | null;
}

export interface RecoveryEvidence {
  readonly orders: Stream<Survivor>;
  /** What happened to the workflow of an order that has still not ended; undefined if it runs, or if Temporal was not named. */
  readonly lostRunOf: (order: Survivor) => Promise<LostRun | undefined>;
  readonly settledBefore: number;
}

/** Rows carry the time at which their transaction began, and none is open this long. */
const LONGEST_TRANSACTION_MS = 60_000;

/** P14: an order that lost its workflow is resumed, each time under a new number, and ends. */
export async function checkRecovery({ orders, lostRunOf, settledBefore }: RecoveryEvidence): Promise<Verdict> {
  const tally = new Tally();
  for await (const order of orders) {
    const lost = order.endedAt === null ? await lostRunOf(order) : undefined;
    if (order.resumes + order.told.length === 0 && !lost) continue;
    tally.checked += 1;
    count(order, lost);
    judgeAudit(order, tally);
    if (order.endedAt === null) judgeOpen(order, lost);
  }
  return tally;

  function count({ told, endedAt }: Survivor, lost: LostRun | undefined): void {
    const row = told.at(-1)?.found ?? lost?.status.toLowerCase() ?? 'untold';
    const figures = (tally.details[row] ??= { orders: 0, resumes: 0, ended: 0 });
    const more = { orders: 1, resumes: told.length, ended: Number(endedAt !== null) };
    for (const [name, by] of Object.entries(more)) figures[name] = (figures[name] ?? 0) + by;
  }

  function judgeOpen(order: Survivor, lost: LostRun | undefined): void {
    const { checkoutId, state, acceptedAt, told } = order;
    // While nobody has decided on its payment, an order owes no end, but it owes its workflow.
    const owed = lost ? acceptedAt.getTime() : owedSince(order);
    const since = Math.max(owed, told.at(-1)?.at ?? -Infinity, lost?.closedAt ?? -Infinity);
    // An order that waits for an operator is P3's concern.
    if (since >= settledBefore || (!lost && state === 'needs-attention')) tally.pending += 1;
    else if (lost) tally.violation('stranded', checkoutId, `It is ${state}, but its workflow is ${lost.status}`);
    else {
      const at = new Date(since).toISOString();
      tally.violation('not-ended', checkoutId, `It was resumed, owes its end since ${at}, and is still ${state}`);
    }
  }
}

function judgeAudit({ checkoutId, resumes, told, endedAt }: Survivor, tally: Tally): void {
  if (told.length !== resumes || told.some(({ number }, at) => number !== at + 1)) {
    const numbers = told.map(({ number }) => number).join(', ');
    tally.violation(
      'untold',
      checkoutId,
      `It was resumed ${resumes} times, but the recorded resumes are: ${numbers || 'none'}`,
    );
  }
  const last = told.at(-1)?.at ?? -Infinity;
  if (endedAt === null || last <= endedAt.getTime() + LONGEST_TRANSACTION_MS) return;
  const [ended, resumed] = [endedAt, new Date(last)].map((at) => at.toISOString());
  tally.violation('resumed-after-its-end', checkoutId, `It ended at ${ended}, but was resumed at ${resumed}`);
}
