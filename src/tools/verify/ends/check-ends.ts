import type { CheckoutState } from '../../../domain/checkout-states';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** A checkout that has not ended, or that still has an open attention item. */
export interface OpenCheckout {
  readonly checkoutId: string;
  readonly state: CheckoutState;
  readonly acceptedAt: Date;
  readonly endedAt: Date | null;
  /** Steps that wait for an operator. None for one that has ended and whose warehouse refused it afterwards. */
  readonly waiting: readonly string[];
}

export interface EndsEvidence {
  /** The number of all checkouts. */
  readonly accepted: number;
  readonly open: Stream<OpenCheckout>;
  readonly settledBefore: number;
  readonly attentionExpected: boolean;
}

/** P3: every checkout that is old enough has ended, and nothing waits for an operator unless that is expected. */
export async function checkEnds({ accepted, open, settledBefore, attentionExpected }: EndsEvidence): Promise<Verdict> {
  const tally = new Tally();
  tally.checked = accepted;
  for await (const { checkoutId, state, acceptedAt, endedAt, waiting } of open) {
    const steps = waiting.join(' and ');
    if (endedAt !== null && waiting.length === 0) {
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
    } else if (acceptedAt.getTime() >= settledBefore) {
      tally.pending += 1;
    } else {
      tally.violation('unfinished', checkoutId, `Accepted at ${acceptedAt.toISOString()}, and still ${state}`);
    }
  }
  return tally;
}
