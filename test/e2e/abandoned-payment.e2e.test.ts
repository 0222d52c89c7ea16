import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noChromium, openBrowser } from '../screenshots/browser';
import type { Browser } from '../screenshots/browser';
import { askedOrder, headingOf, NEVER_HELD, paymentOf, press, waitFor } from '../support/asked-customer';
import type { AskedOrder } from '../support/asked-customer';
import { describeWith } from '../support/describe-with';
import { OwnStack } from '../support/own-stack';
import { verify } from '../tools/verify/verify-command';

/** Long enough to open the page in, on a slow machine too. */
const AWAIT_CUSTOMER = '20s';
const CLOSED = 'Payment closed';

describeWith(noChromium(), 'a customer who does not approve in time', () => {
  /** A stack of its own: in no other stack is a customer given so little time. */
  let stack: OwnStack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([OwnStack.start(undefined, { AWAIT_CUSTOMER }), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  async function abandoned(order: AskedOrder) {
    const { state, refusal } = await stack.ended(order.id);
    return { state, code: refusal?.code, payment: await paymentOf(stack, order.id) };
  }

  test('is refused and undone, and can no longer approve', async () => {
    const [order, unseen] = await Promise.all([askedOrder(stack), askedOrder(stack)]);
    const page = await browser.newPage();
    await page.goto(order.url);
    const asked = await headingOf(page);
    const ends = await Promise.all([order, unseen].map(abandoned));
    const approvedLate = await press(page, 'Approve');
    await page.goto(unseen.url);
    const openedLate = await headingOf(page);
    const answer = await waitFor(stack, order);

    expect(asked).toMatch(/^Approve the payment of/);
    const refused = { state: 'refused', code: 'payment-abandoned', payment: NEVER_HELD };
    expect(ends).toEqual([refused, refused]);
    expect([approvedLate, openedLate]).toEqual([CLOSED, CLOSED]);
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
      402,
      expect.objectContaining({ code: 'payment-abandoned', checkoutId: order.id }),
    ]);
    expect(await abandoned(order)).toEqual(refused);
    expect(await verify(stack.dataDir, ['--settle', '0', '--only', 'P1,P3,P4,P5'])).toMatchObject({ code: 0 });
  });
});
