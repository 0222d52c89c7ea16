import type { Page } from 'playwright-core';
import type { WholeCheckout } from '../../src/checkouts/checkout-view';
import type { PartName } from '../../src/local/stack/part-names';
import { aKey } from './builders';
import { eventually } from './eventually';
import { heldOrder } from './held-order';
import type { HeldOrder } from './held-order';
import type { Placed, RunningStack } from './running-stack';

/** An order that waits for its customer, and the page that the storefront sends the customer to. */
export interface AskedOrder extends HeldOrder {
  readonly answer: Placed;
  readonly url: string;
}

export const checkoutIn = ({ body }: Placed): WholeCheckout => JSON.parse(body.toString()) as WholeCheckout;

/** Places the order, or asks what has become of it, as a storefront does that waits. */
export const waitFor = (stack: RunningStack, { key, body }: HeldOrder): Promise<Placed> =>
  stack.place(body, { key, headers: { prefer: 'wait=30' } });

export const orderPaidWith = (token: string): HeldOrder => heldOrder(aKey(), { payment: { token } });

export async function askedOrder(stack: RunningStack, token = 'tok_3ds'): Promise<AskedOrder> {
  const order = orderPaidWith(token);
  // On a slow machine, the first wait may be over before the processor was asked.
  const answer = await eventually(async () => {
    const placed = await waitFor(stack, order);
    return placed.status === 202 && !checkoutIn(placed).nextAction ? undefined : placed;
  });
  const { nextAction } = checkoutIn(answer);
  if (!nextAction) throw new Error(`${order.id} asked nobody: ${answer.status}`);
  return { ...order, answer, url: nextAction.url };
}

export const headingOf = (page: Page): Promise<string> => page.getByRole('heading', { level: 1 }).innerText();

/** Presses a button of the page, and returns what the next page says. */
export async function press(page: Page, name: 'Approve' | 'Decline'): Promise<string> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).click()]);
  return headingOf(page);
}

/** What is left of a payment: at the processor, in the step's row, and of the wait. */
export async function paymentOf(stack: RunningStack, id: string) {
  const outcomes = (await stack.journal('payments', id)).map(({ outcome }) => outcome);
  const { rows } = await stack.db.query(
    `select step.done_at is not null as done, step.undone_at is not null as undone,
            wait.settled_at is not null and wait.action_url is null as settled
       from step_ledger step
       left join payment_waits wait using (checkout_id)
      where checkout_id = $1
        and step = 'payment-authorized'`,
    [id],
  );
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  return { authorized: count('authorized'), voided: count('voided'), ...rows[0] };
}

export const HELD_ONCE = { authorized: 1, voided: 0, done: true, undone: false, settled: true };
export const NEVER_HELD = { authorized: 0, voided: 0, done: false, undone: true, settled: true };

/** Kills parts of the stack at once; resolves when others are in their places. */
export async function killed(stack: RunningStack, parts: readonly PartName[]): Promise<void> {
  const { pids } = stack.file;
  for (const part of parts) process.kill(pids[part] ?? Number.NaN, 'SIGKILL');
  await eventually(() => parts.every((part) => stack.file.pids[part] !== pids[part]) || undefined);
}
