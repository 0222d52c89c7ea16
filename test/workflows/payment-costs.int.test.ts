import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { PAYMENT_NEWS } from '../../src/contract/checkout';
import { anOrder } from '../support/builders';
import { eventually } from '../support/eventually';
import { undecidedFor } from '../support/undecided-for';
import { cancelled, eventsOf, paymentServer, waiting } from './waiting-payment';
import type { PaymentServer } from './waiting-payment';

/* What waiting for a payment costs, on the real server. */
let server: PaymentServer;
beforeAll(async () => {
  server = await paymentServer();
});
afterAll(() => server.close());

const HELD = { authorizationId: 'auth_1' };
test('asking adds nothing to the history, however often', async () => {
  const { begin, working } = server.queue();
  let isApproved = false;
  const { activities, asked, times } = waiting(async () => (isApproved ? HELD : undecidedFor('1ms')));
  const handle = await begin();
  const lengths: number[] = [];

  await working(activities, async () => {
    for (const more of [1, 30]) {
      await times(asked.length + more);
      lengths.push((await eventsOf(handle)).length);
    }
    isApproved = true;
    await handle.result();
  });

  expect(lengths[1]).toBe(lengths[0]);
});

/** No workflow task is under way, and no first attempt either. */
const settled = (handle: WorkflowHandle) =>
  eventually(async () => {
    const { raw } = await handle.describe();
    const isAsking = raw.pendingActivities?.some(({ attempt }) => attempt === 1);
    return raw.pendingWorkflowTask || isAsking ? undefined : true;
  });

test('the hundredth wait is the last: further news are an event and a task each', async () => {
  const MOST = 100;
  const MORE = 5;
  const { begin, working } = server.queue();
  const { activities, asked, times } = waiting(() => undecidedFor('1h'));
  const handle = await begin();
  const lengths: number[] = [];

  await working(activities, async () => {
    for (let waits = 1; waits < MOST; waits += 1) {
      await times(waits);
      await handle.signal(PAYMENT_NEWS);
    }
    await times(MOST);
    await settled(handle);
    for (let more = 0; more <= MORE; more += 1) {
      lengths.push((await eventsOf(handle)).length);
      await handle.signal(PAYMENT_NEWS);
      await settled(handle);
    }
    await cancelled(handle);
  });

  expect(asked.map(({ isLast }) => isLast)).toEqual(Array.from({ length: MOST }, (_, at) => at === MOST - 1));
  // The signal, and the three events of a workflow task.
  expect(lengths.map((length) => length - (lengths[0] ?? 0))).toEqual([0, 4, 8, 12, 16, 20]);
});

test('orders that wait take no slot from others', async () => {
  const SLOTS = 2;
  const { begin, working } = server.queue();
  const passes = anOrder();
  const { activities, times } = waiting(() => undecidedFor('1h'), {
    authorizePayment: async ({ checkoutId }) => (checkoutId === passes.checkoutId ? HELD : { waitsFor: 'customer' }),
  });
  const waits = await Promise.all(Array.from({ length: SLOTS * 3 }, () => begin()));

  const states = await working(
    activities,
    async () => {
      await times(waits.length);
      await (await begin(passes)).result();
      const descriptions = await Promise.all(waits.map((handle) => handle.describe()));
      await Promise.all(waits.map(cancelled));
      return descriptions.map(({ status }) => status.name);
    },
    { maxConcurrentActivityTaskExecutions: SLOTS },
  );

  expect(states).toEqual(waits.map(() => 'RUNNING'));
});
