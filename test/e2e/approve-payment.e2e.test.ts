import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { noChromium, openBrowser } from '../screenshots/browser';
import type { Browser } from '../screenshots/browser';
import {
  askedOrder,
  checkoutIn,
  headingOf,
  HELD_ONCE,
  killed,
  NEVER_HELD,
  orderPaidWith,
  paymentOf,
  press,
  waitFor,
} from '../support/asked-customer';
import type { AskedOrder } from '../support/asked-customer';
import { eventsOf } from '../support/checkout-world';
import { describeWith } from '../support/describe-with';
import { OwnStack } from '../support/own-stack';
import { verify } from '../tools/verify/verify-command';

const APPROVED = 'Payment approved';
const DECLINED = 'Payment declined';
const CLOSED = 'Payment closed';

describeWith(noChromium(), 'a customer who has to approve the payment', () => {
  /** A stack of its own, because its API is killed. */
  let stack: OwnStack;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([OwnStack.start(), openBrowser()]);
  });
  beforeEach(async () => void (page = await browser.newPage()));
  afterEach(() => page.close());
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  const cancel = async ({ id }: AskedOrder) => {
    const headers = { authorization: 'Bearer sk_sandbox_acme' };
    return (await fetch(`${stack.file.api}/v1/checkouts/${id}/cancel`, { method: 'POST', headers })).status;
  };

  /** How the order ended, and what is left of its payment. */
  async function endOf({ id }: { readonly id: string }) {
    const { state, refusal } = await stack.ended(id);
    return { state, code: refusal?.code, payment: await paymentOf(stack, id) };
  }
  const COMPLETED = { state: 'completed', code: undefined, payment: HELD_ONCE };

  test('approves, and the order completes', async () => {
    const order = await askedOrder(stack);
    await page.goto(order.url);
    const asked = await headingOf(page);
    const said = await press(page, 'Approve');
    const end = await endOf(order);
    const again = await waitFor(stack, order);

    expect(order.answer.status).toBe(202);
    expect(checkoutIn(order.answer)).toMatchObject({ id: order.id, state: 'awaiting-customer' });
    expect([asked, said]).toEqual(['Approve the payment of $30.00?', APPROVED]);
    expect(end).toEqual(COMPLETED);
    expect([again.status, checkoutIn(again).state, checkoutIn(again).nextAction]).toEqual([201, 'completed', null]);
    expect(await eventsOf(stack.db, { checkoutId: order.id, tenant: 'acme' })).toEqual(
      expect.arrayContaining(['payment.awaiting-customer', 'payment.authorized', 'checkout.completed']),
    );
  });

  test('reads what it is about and approves, on a small screen and by keyboard alone', async () => {
    const order = await askedOrder(stack);
    await page.setViewportSize({ width: 320, height: 480 });
    await page.goto(order.url);
    const told = await page.locator('body').ariaSnapshot();
    const language = await page.locator('html').getAttribute('lang');
    const overflows = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    await page.keyboard.press('Tab');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);

    expect(told).toMatch(/- main:\n +- heading "Approve the payment of \$30.00\?" \[level=1\]\n/);
    expect(told).toMatch(/- button "Approve"\n +- button "Decline"/);
    expect([language, overflows, await page.title()]).toEqual(['en', false, APPROVED]);
    expect(await endOf(order)).toEqual(COMPLETED);
  });

  test('declines, and the order is refused and undone', async () => {
    const order = await askedOrder(stack);
    await page.goto(order.url);
    const said = await press(page, 'Decline');
    const end = await endOf(order);
    const again = await waitFor(stack, order);

    expect(said).toBe(DECLINED);
    expect(end).toEqual({ state: 'refused', code: 'payment-declined', payment: NEVER_HELD });
    expect([again.status, JSON.parse(again.body.toString())]).toEqual([
      402,
      expect.objectContaining({ code: 'payment-declined', checkoutId: order.id }),
    ]);
  });

  test('approves in two tabs at once, and the money is held once', async () => {
    const order = await askedOrder(stack);
    const other = await browser.newPage();
    await Promise.all([page, other].map((tab) => tab.goto(order.url)));
    const said = await Promise.all([page, other].map((tab) => press(tab, 'Approve')));
    await other.close();

    expect(said).toEqual([APPROVED, APPROVED]);
    expect(await endOf(order)).toEqual(COMPLETED);
  });

  test('approves in one tab and declines in another, and both say which came first', async () => {
    const order = await askedOrder(stack);
    const other = await browser.newPage();
    await Promise.all([page, other].map((tab) => tab.goto(order.url)));
    const [said, otherSaid] = await Promise.all([press(page, 'Approve'), press(other, 'Decline')]);
    await other.close();
    const end = await endOf(order);

    expect(otherSaid).toBe(said);
    expect([APPROVED, DECLINED]).toContain(said);
    expect(end).toEqual(
      said === APPROVED ? COMPLETED : { state: 'refused', code: 'payment-declined', payment: NEVER_HELD },
    );
  });

  test('cancels while the page is open, and approves in vain', async () => {
    const order = await askedOrder(stack);
    await page.goto(order.url);
    const cancelled = await cancel(order);
    const end = await endOf(order);
    const said = await press(page, 'Approve');

    expect(cancelled).toBe(202);
    expect(end).toEqual({ state: 'cancelled', code: 'cancelled', payment: NEVER_HELD });
    expect(said).toBe(CLOSED);
    expect(await endOf(order)).toEqual(end);
  });

  test('approves, and no webhook says so: the processor is asked', async () => {
    const order = await askedOrder(stack, 'tok_3ds_no_webhook');
    await page.goto(order.url);
    const said = await press(page, 'Approve');
    const end = await endOf(order);
    const { rowCount: webhooks } = await stack.db.query(`select from provider_notices where checkout_id = $1`, [
      order.id,
    ]);

    expect([said, webhooks]).toEqual([APPROVED, 0]);
    expect(end).toEqual(COMPLETED);
  });

  test('approves while worker and API are dead, and the order completes once they are back', async () => {
    const order = await askedOrder(stack);
    await page.goto(order.url);
    const restarted = killed(stack, ['worker', 'api']);
    const said = await press(page, 'Approve');
    await restarted;

    expect(said).toBe(APPROVED);
    expect(await endOf(order)).toEqual(COMPLETED);
  });

  test('is still asked after worker and API were killed, and approves then', async () => {
    const order = await askedOrder(stack);
    await page.goto(order.url);
    await killed(stack, ['worker', 'api']);
    const said = await press(page, 'Approve');

    expect(said).toBe(APPROVED);
    expect(await endOf(order)).toEqual(COMPLETED);
  });

  test('is not asked when the processor takes its time, and the storefront goes on waiting', async () => {
    const order = orderPaidWith('tok_pending');
    const answer = await waitFor(stack, order);
    const events = await eventsOf(stack.db, { checkoutId: order.id, tenant: 'acme' });

    expect([answer.status, checkoutIn(answer).state]).toEqual([201, 'completed']);
    expect(events).not.toContain('payment.awaiting-customer');
    expect(await endOf(order)).toEqual(COMPLETED);
  });

  test('leaves nothing that verify finds fault with', async () => {
    expect(await verify(stack.dataDir, ['--settle', '0', '--only', 'P1,P3,P4,P5'])).toMatchObject({ code: 0 });
  });
});
