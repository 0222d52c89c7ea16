import { owedSince, sinceWhen } from '../owed-since';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import type { AcceptedCheckout } from './accepted-checkout';
import { RunJudge } from './run-judge';
import type { Workflows } from './run-judge';

/** What a client was told, from its own journal. */
export interface Acknowledgement {
  readonly tenant: string;
  readonly key: string;
  readonly id: string;
}

export interface AcknowledgedEvidence {
  /** Read in this order: whatever a client was told, or was started, must be in Postgres by then. */
  readonly acknowledgements: Stream<Acknowledgement>;
  /** Undefined if Temporal was not named. */
  readonly workflows: Workflows | undefined;
  readonly checkouts: Stream<AcceptedCheckout>;
  /** Ids of workflows that somebody terminated or deleted on purpose. */
  readonly endedByHand: Stream<string>;
  /** Younger checkouts need not have ended, nor those whose payment was decided later, or need not be decided yet. Milliseconds since 1970. */
  readonly settledBefore: number;
}

/** P2: an acknowledged checkout exists, has one order (unless refused before that) and one workflow, and ends. */
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
    tally.violation('lost', id, 'A client was told that it was accepted, but it is not in Postgres');
  runs?.strangers();
  await runs?.closings();
  return tally;

  function judge(checkout: AcceptedCheckout, acknowledged: Acknowledgement | undefined): void {
    const { checkoutId, state, hasOrder, endedAt } = checkout;
    if (state === null) return tally.violation('lost', checkoutId, 'It has a claim but no checkout');
    if (acknowledged && acknowledged.id !== checkoutId) {
      tally.violation('other-id', checkoutId, `A client was told the id ${acknowledged.id}`);
    }
    if (state === 'completed' && !hasOrder) tally.violation('no-order', checkoutId, 'It is completed but has no order');
    if (endedAt !== null) return;
    // A checkout that waits for an operator is P3's concern.
    if (owedSince(checkout) >= settledBefore || state === 'needs-attention') tally.pending += 1;
    else tally.violation('not-ended', checkoutId, `${sinceWhen(checkout)}, and still ${state}`);
  }
}

const nameOf = ({ tenant, key }: Pick<Acknowledgement, 'tenant' | 'key'>): string => `${tenant}/${key}`;
