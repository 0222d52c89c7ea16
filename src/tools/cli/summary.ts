import { format } from '../../domain/money';
import type { CheckoutSnapshot } from './checkout-snapshot';
import { duration, elapsedMs } from '../terminal/duration';
import { secondOf } from '../terminal/columns';
import { titleAndDetail } from '../terminal/problem';

/** `USD 30.00 for 2 × MUG-BLUE`; the price appears once the server has set it. */
export function cartOf({ items, total, currency }: CheckoutSnapshot): string {
  const lines = items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
  return typeof total === 'number' ? `${format({ minor: BigInt(total), currency })} for ${lines}` : lines;
}

/** Where a checkout stands, in one sentence. */
export function summary(snapshot: CheckoutSnapshot, nowMs: number): string {
  const time = duration(elapsedMs(snapshot, nowMs));
  switch (snapshot.state) {
    case 'accepted':
      return `Accepted ${time} ago; no step has begun`;
    case 'running':
      return `Running for ${time}`;
    case 'awaiting-customer':
      return [`Waiting for the customer for ${time}`, approvalOf(snapshot)].filter(Boolean).join('. ');
    case 'completed':
      return `Completed in ${time}: ${cartOf(snapshot)}`;
    case 'refused':
      return `Refused after ${time}${reasonOf(snapshot)}`;
    case 'cancelled':
      return `Cancelled after ${time}${reasonOf(snapshot)}`;
    case 'needs-attention':
      return `Needs an operator's attention: ${attentionOf(snapshot)}`;
  }
}

/** What the customer has to do, if we were told. */
export function approvalOf({ nextAction }: CheckoutSnapshot): string | undefined {
  if (!nextAction) return undefined;
  return `The customer approves at ${nextAction.url} until ${secondOf(nextAction.expiresAt)} UTC`;
}

function reasonOf({ refusal }: CheckoutSnapshot): string {
  if (!refusal) return '';
  const { code, title, detail } = refusal;
  return `: ${titleAndDetail(title, detail)} (${code})`;
}

function attentionOf({ steps }: CheckoutSnapshot): string {
  const stuck = steps.filter(({ state }) => state === 'undo-failed' || state === 'running');
  if (stuck.length === 0) return 'see `durable-checkout attention`';
  return stuck
    .map(({ name, state }) => `${name} ${state === 'running' ? 'keeps failing' : 'could not be undone'}`)
    .join(', ');
}
