import type { CheckoutState } from '../../../domain/checkout-states';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** A checkout that has not ended, or about which operators are still asked. */
export interface OpenCheckout {
  readonly checkoutId: string;
  readonly state: CheckoutState;
  readonly acceptedAt: Date;
  readonly endedAt: Date | null;
  /** The steps that wait for an operator. */
  readonly waiting: readonly string[];
}

export interface EndsEvidence {
  /** How many there are in all. */
  readonly accepted: number;
  readonly open: Stream<OpenCheckout>;
  readonly settledBefore: number;
  readonly attentionExpected: boolean;
}

/** P3: what is old enough is completed, refused or cancelled, and nothing waits for an operator unless that was to be expected. */
export async function checkEnds({ accepted, open, settledBefore, attentionExpected }: EndsEvidence): Promise<Verdict> {
  const tally = new Tally();
  tally.checked = accepted;
  for await (const { checkoutId, state, acceptedAt, endedAt, waiting } of open) {
    const steps = waiting.join(' and ');
    if (endedAt !== null) {
      tally.violation('attention-left', checkoutId, `It is ${state}, and operators are still asked about ${steps}`);
    } else if (waiting.length > 0) {
      if (attentionExpected) tally.pending += 1;
      else tally.violation('needs-attention', checkoutId, `An operator has to look at ${steps}`);
    } else if (acceptedAt.getTime() >= settledBefore) {
      tally.pending += 1;
    } else {
      tally.violation('unfinished', checkoutId, `Accepted at ${acceptedAt.toISOString()}, it is still ${state}`);
    }
  }
  return tally;
}
