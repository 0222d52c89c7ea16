import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PAYMENT_NEWS } from '../../src/contract/checkout';
import { meeting } from '../tools/replay/meeting';
import { undecidedFor } from '../support/undecided-for';
import { paymentServer, waiting } from './waiting-payment';
import type { PaymentServer } from './waiting-payment';

/* How a workflow waits for a payment, on the real server. The activity that asks is played, so that only news make it ask again. */
let server: PaymentServer;
beforeAll(async () => {
  server = await paymentServer();
});
afterAll(() => server.close());

const HELD = { authorizationId: 'auth_1' };
/** A wait that news do not end lasts longer than this, and fails its test. */
const SOON_MS = 30_000;

test(
  'news make it ask at once, also those that come before the payment is undecided',
  async () => {
    const { begin, working } = server.queue();
    const { activities, asked } = waiting(async ({ hasNews }) => (hasNews ? HELD : undecidedFor('1h')));
    const handle = await begin();
    await handle.signal(PAYMENT_NEWS);

    await working(activities, () => handle.result());

    expect(asked).toMatchObject([{ waitsFor: 'customer', hasNews: true }]);
  },
  SOON_MS,
);

test(
  'news that come while it waits make it ask at once',
  async () => {
    const { begin, working } = server.queue();
    const { activities, asked, times } = waiting(async ({ hasNews }) => (hasNews ? HELD : undecidedFor('1h')));
    const handle = await begin();

    await working(activities, async () => {
      await times(1);
      await handle.signal(PAYMENT_NEWS);
      await handle.result();
    });

    expect(asked.map(({ hasNews }) => hasNews)).toEqual([false, true]);
  },
  SOON_MS,
);

test(
  'goes on after every worker was restarted, also if the answer and further news come meanwhile',
  async () => {
    const { begin, workerOf, working } = server.queue();
    const { arrive, met, leave } = meeting();
    const { activities, asked, times } = waiting(async ({ hasNews }) => {
      if (!hasNews) return undecidedFor('1h');
      await arrive();
      return HELD;
    });
    const handle = await begin();
    const first = await workerOf(activities);
    const drained = first.run();
    await times(1);
    await handle.signal(PAYMENT_NEWS);
    await met;
    // It takes no more tasks, and ends the attempt.
    first.shutdown();
    leave();
    await drained;
    await handle.signal(PAYMENT_NEWS);

    await working(activities, () => handle.result());

    expect(asked.map(({ hasNews }) => hasNews)).toEqual([false, true]);
  },
  SOON_MS,
);
