import type { CheckoutState } from '../../../domain/checkout-states';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** One row of `resumes`. */
export interface Resume {
  readonly number: number;
  /** What had become of the run before. */
  readonly found: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** An order that was resumed, or that has not ended and so may have lost its workflow. */
export interface Survivor {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
  readonly state: CheckoutState;
  readonly acceptedAt: Date;
  readonly endedAt: Date | null;
  /** How often it was resumed, by its own row. */
  readonly resumes: number;
  /** In the order of their numbers. */
  readonly told: readonly Resume[];
}

export interface LostRun {
  /** As Temporal spells it, or `gone`. */
  readonly status: string;
  /** In milliseconds since 1970; null where the run is gone. */
  readonly closedAt: number | null;
}

export interface RecoveryEvidence {
  readonly orders: Stream<Survivor>;
  /** What became of the workflow of an order that has still not ended; undefined while it runs, or where nobody can look. */
  readonly lostRunOf: (order: Survivor) => Promise<LostRun | undefined>;
  readonly settledBefore: number;
}

/** Rows are dated by the beginning of their transactions, and none is open for so long. */
const LONGEST_TRANSACTION_MS = 60_000;

/** P14: an order that has lost its workflow is taken up again, each time under a number of its own, and ends. */
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

  function judgeOpen({ checkoutId, state, acceptedAt, told }: Survivor, lost: LostRun | undefined): void {
    const since = Math.max(acceptedAt.getTime(), told.at(-1)?.at ?? -Infinity, lost?.closedAt ?? -Infinity);
    // Whoever waits for an operator is another promise's concern.
    if (since >= settledBefore || (!lost && state === 'needs-attention')) tally.pending += 1;
    else if (lost) tally.violation('stranded', checkoutId, `It is ${state}, and its workflow is ${lost.status}`);
    else {
      const at = new Date(since).toISOString();
      tally.violation('not-ended', checkoutId, `Resumed at ${at}, it is still ${state}`);
    }
  }
}

function judgeAudit({ checkoutId, resumes, told, endedAt }: Survivor, tally: Tally): void {
  if (told.length !== resumes || told.some(({ number }, at) => number !== at + 1)) {
    const numbers = told.map(({ number }) => number).join(', ');
    tally.violation('untold', checkoutId, `It was resumed ${resumes} times, and told are: ${numbers || 'none'}`);
  }
  const last = told.at(-1)?.at ?? -Infinity;
  if (endedAt === null || last <= endedAt.getTime() + LONGEST_TRANSACTION_MS) return;
  const [ended, resumed] = [endedAt, new Date(last)].map((at) => at.toISOString());
  tally.violation('resumed-after-its-end', checkoutId, `It ended at ${ended}, and was resumed at ${resumed}`);
}
