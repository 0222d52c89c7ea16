import type { CheckoutState } from '../../../domain/checkout-states';
import { owedSince, sinceWhen } from '../owed-since';
import type { Owing } from '../owed-since';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** A checkout that has not ended, or that has left something open. */
export interface OpenCheckout extends Owing {
  readonly checkoutId: string;
  readonly state: CheckoutState;
  readonly endedAt: Date | null;
  /** Steps that wait for an operator. None for one that has ended and whose warehouse refused it afterwards. */
  readonly waiting: readonly string[];
  /** Its payment is still waited for, so its customer may still be sent to approve it. */
  readonly undecided: boolean;
}

export interface EndsEvidence {
  /** The number of all checkouts. */
  readonly accepted: number;
  readonly open: Stream<OpenCheckout>;
  readonly settledBefore: number;
  readonly attentionExpected: boolean;
}

/**
 * P3: every checkout that is old enough has ended, and nothing waits for an operator unless that is expected. One whose payment waits for
 * somebody counts from the answer or the deadline.
 */
export async function checkEnds({ accepted, open, settledBefore, attentionExpected }: EndsEvidence): Promise<Verdict> {
  const tally = new Tally();
  tally.checked = accepted;
  for await (const checkout of open) {
    const { checkoutId, state, endedAt, waiting, undecided } = checkout;
    const steps = waiting.join(' and ');
    if (endedAt !== null && undecided) {
      tally.violation('wait-left', checkoutId, `It is ${state}, but its payment is still waited for`);
    } else if (endedAt !== null && waiting.length === 0) {
      if (attentionExpected) tally.pending += 1;
      else
        tally.violation(
          'needs-attention',
          checkoutId,
          'Its warehouse refused it after all, which waits for an operator',
        );
    } else if (endedAt !== null) {
      tally.violation('attention-left', checkoutId, `It is ${state}, but ${steps} still waits for an operator`);
    } else if (waiting.length > 0) {
      if (attentionExpected) tally.pending += 1;
      else tally.violation('needs-attention', checkoutId, `${steps} waits for an operator`);
    } else if (owedSince(checkout) >= settledBefore) {
      tally.pending += 1;
    } else {
      tally.violation('unfinished', checkoutId, `${sinceWhen(checkout)}, and still ${state}`);
    }
  }
  return tally;
}
