import { hasEnded } from '../../src/domain/checkout-states';
import type { CheckoutState } from '../../src/domain/checkout-states';
import type { CheckoutRequest } from '../../src/domain/order';
import type { RefusalCode } from '../../src/domain/refusals';
import { plannedEnds } from './order-mix';
import type { PlannedOrder } from './order-mix';
import type { Answer } from './shop';

/** A request and its answer. */
export interface Reply {
  readonly request: CheckoutRequest;
  readonly answer: Answer;
}

/** What the load client records about an acknowledged order. */
export interface Acknowledged {
  readonly order: PlannedOrder;
  /** The request that won. */
  readonly request: CheckoutRequest;
  readonly acceptance: string;
  /** True once a cancel was promised. */
  cancelPromised: boolean;
  /** True if an operator may have given it up. */
  readonly givenUp?: boolean;
}

/** Refusals that any order may end with: something was down for longer than a customer waits. */
const TOO_LONG: readonly RefusalCode[] = ['step-unavailable', 'checkout-expired'];

/** What contradicts the idempotency table in the answers to requests with one key, all sent at the same moment. */
export function judgePlaced({ id, copies, changed }: PlannedOrder, replies: readonly Reply[]): string[] {
  const found: string[] = [];
  const accepted = replies.filter(({ answer }) => answer.status === 202);
  const [first] = accepted;
  const asked = copies + (changed ? 1 : 0);
  const taken = replies.filter(({ answer }) => answer.code === 'idempotency-key-reused');
  if (!first && taken.length === asked) found.push('all were refused, as if another client had used the key');
  for (const { request, answer } of replies) {
    if (answer.status === 422 && answer.code === 'idempotency-key-reused') {
      if (first?.request === request) found.push('the same body was accepted and refused as another one');
    } else if (answer.status !== 202) found.push(`unexpected ${answer.status} ${answer.body}`);
  }
  if (accepted.some(({ request }) => request !== first?.request)) found.push('two bodies were accepted');
  if (new Set(accepted.map(({ answer }) => answer.body)).size > 1) found.push('different bytes for one key');
  if (accepted.filter(({ answer }) => !answer.isReplayed).length > 1)
    found.push('two acceptances are not marked as replays');
  if (first && first.answer.location !== `/v1/checkouts/${id}`) found.push(`accepted as ${first.answer.location}`);
  return found;
}

/** What is wrong with an order that must have ended, as GET shows it. */
export function judgeRead({ status, body }: Answer): string | undefined {
  if (status !== 200) return `acknowledged, but GET answers ${status} ${body}`;
  const { state } = JSON.parse(body) as { state: CheckoutState };
  return hasEnded(state) ? undefined : `it is still ${state}`;
}

export interface Aftermath {
  readonly read: Answer;
  readonly again: Answer;
  readonly outcome: Answer;
  readonly outcomeAgain: Answer;
  readonly other: Answer;
}

/** What contradicts the promises when an order that GET shows as ended is requested again, in every way. */
export function judgeEnded(journal: Acknowledged, aftermath: Aftermath): string[] {
  const { read, again, outcome, outcomeAgain, other } = aftermath;
  const found: string[] = [];
  if (again.status !== 202 || again.body !== journal.acceptance) {
    found.push(`accepted with ${journal.acceptance}, but later with ${again.status} ${again.body}`);
  }
  if (!again.isReplayed) found.push('a repeated request was accepted as new');
  if (outcome.body !== outcomeAgain.body) found.push(`two outcomes: ${outcome.body} and ${outcomeAgain.body}`);
  if (other.code !== 'idempotency-key-reused') found.push(`another body got ${other.status} ${other.body}`);
  return [...found, ...judgeOutcome(journal, read, outcome)];
}

function judgeOutcome({ order, cancelPromised, givenUp }: Acknowledged, read: Answer, outcome: Answer): string[] {
  const { state, refusal } = JSON.parse(read.body) as { state: string; refusal: { code: RefusalCode } | null };
  const planned = plannedEnds(order);
  const ended = `${state} ${refusal?.code ?? ''}`.trim();
  const found: string[] = [];
  if (state === 'completed' ? outcome.status !== 201 : outcome.code !== refusal?.code) {
    found.push(`it is ${ended}, but its outcome is ${outcome.status} ${outcome.body}`);
  }
  const allowed = [...planned.filter((end) => end !== 'completed' || !cancelPromised), ...TOO_LONG];
  if (!allowed.includes(refusal?.code ?? 'completed') && !(givenUp && refusal?.code === 'cancelled'))
    found.push(`${ended} instead of ${planned[0]}`);
  return found;
}
