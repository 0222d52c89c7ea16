import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import type { AcceptedCheckout } from './accepted-checkout';
import { RunJudge } from './run-judge';
import type { Workflows } from './run-judge';

/** What a client was told, by its own journal. */
export interface Acknowledgement {
  readonly tenant: string;
  readonly key: string;
  readonly id: string;
}

export interface AcknowledgedEvidence {
  /** Read in this order: what a client was told is in Postgres by then, and what was started too. Undefined where nobody can look. */
  readonly acknowledgements: Stream<Acknowledgement>;
  readonly workflows: Workflows | undefined;
  readonly checkouts: Stream<AcceptedCheckout>;
  /** Workflows that somebody terminated or deleted on purpose, by id. */
  readonly endedByHand: Stream<string>;
  /** What is younger need not have ended. In milliseconds since 1970. */
  readonly settledBefore: number;
}

/** P2: what was acknowledged is there, has one order unless it was refused before, one workflow, and ends. */
export async function checkAcknowledged(evidence: AcknowledgedEvidence): Promise<Verdict> {
  const { acknowledgements, workflows, checkouts, endedByHand, settledBefore } = evidence;
  const tally = new Tally();
  const told = new Map<string, Acknowledgement>();
  for await (const each of acknowledgements) told.set(nameOf(each), each);
  const byHand = new Set<string>();
  for await (const workflowId of endedByHand) byHand.add(workflowId);
  const runs = workflows && (await RunJudge.over(workflows, { tally, settledBefore, endedByHand: byHand }));

  for await (const checkout of checkouts) {
    tally.checked += 1;
    const acknowledged = told.get(nameOf(checkout));
    told.delete(nameOf(checkout));
    judge(checkout, acknowledged);
    if (checkout.state !== null) await runs?.judge(checkout);
  }
  for (const { id } of told.values())
    tally.violation('lost', id, 'A client was told that it is accepted, and it is not there');
  runs?.strangers();
  await runs?.closings();
  return tally;

  function judge(checkout: AcceptedCheckout, acknowledged: Acknowledgement | undefined): void {
    const { checkoutId, state, hasOrder, acceptedAt, endedAt } = checkout;
    if (state === null) return tally.violation('lost', checkoutId, 'It has a claim, and no checkout');
    if (acknowledged && acknowledged.id !== checkoutId) {
      tally.violation('other-id', checkoutId, `A client was told that it is ${acknowledged.id}`);
    }
    if (state === 'completed' && !hasOrder)
      tally.violation('no-order', checkoutId, 'It is completed, and has no order');
    if (endedAt !== null) return;
    // Whoever waits for an operator is another promise's concern.
    if (acceptedAt.getTime() >= settledBefore || state === 'needs-attention') tally.pending += 1;
    else tally.violation('not-ended', checkoutId, `Accepted at ${acceptedAt.toISOString()}, it is still ${state}`);
  }
}

const nameOf = ({ tenant, key }: Pick<Acknowledgement, 'tenant' | 'key'>): string => `${tenant}/${key}`;
