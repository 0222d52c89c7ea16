import { activityInfo } from '@temporalio/activity';
import type { CheckoutActivities, Decider, Undecided } from '../src/contract/activities';
import type { OrderKey } from '../src/contract/checkout';
import { toMinorNumber } from '../src/domain/money';
import type { PaymentGateway } from '../src/ports/payment-gateway';
import { ProviderFault } from '../src/ports/provider-fault';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { alreadyUndone } from './ledger-row';
import { orderTotal } from './order-facts';
import type { OrderFacts } from './order-facts';
import { abandoned, deciderOf, isUndecided, NO_LONGER_AWAITING, noteWait, SETTLE_WAIT } from './payment-wait';
import { stillUndecided, timeToDecide } from './payment-wait';
import { refuse } from './refuse';
import { once } from './step-ledger';
import type { Done, NotYet } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

const STEP = {
  name: 'payment-authorized',
  statement: stepStatement({
    sets: NO_LONGER_AWAITING,
    rows: {
      decided: SETTLE_WAIT,
      paid: `insert into payments (checkout_id, authorization_id, amount_minor, currency)
             select mine.id, mine.result ->> 'authorizationId', total_minor, currency
               from mine
               join orders on orders.checkout_id = mine.id`,
    },
  }),
} as const;

type PaymentActivities = Pick<CheckoutActivities, 'authorizePayment' | 'awaitPayment' | 'voidPayment'>;
type Payment = { readonly authorizationId: string } | Undecided;

/** As long as most processors let a customer take. */
const AWAIT_CUSTOMER = '15m';

export const paymentActivities = ({
  db,
  providerOf,
  awaitCustomer = AWAIT_CUSTOMER,
}: ActivityPorts): PaymentActivities => ({
  authorizePayment: ({ canWait, ...order }) =>
    once<Payment>(db, order, STEP, async (facts) => {
      const payments = await providerOf('payments', { ...order, ...facts });
      const answer = await paymentBy(payments, order, facts, awaitCustomer);
      // Its workflow runs older code, which takes any answer for a payment and would deliver unpaid goods.
      if ('notYet' in answer && !canWait) throw new ProviderFault('unknown-outcome', CANNOT_WAIT);
      return answer;
    }),

  async awaitPayment({ waitsFor, hasNews, isLast, ...order }) {
    const { attempt } = activityInfo();
    const leftMs = await timeToDecide(db, order.checkoutId);
    const undecided = (by: Decider) => stillUndecided(WAITS[by], attempt, leftMs);
    // The processor has just said so.
    if (attempt === 1 && !hasNews) throw undecided(waitsFor);
    const answer = await once<Payment>(db, order, STEP, async (facts) => {
      // As uncertain as after a lost answer: it is looked for before anything is done.
      const payments = await providerOf('payments', { ...order, ...facts, uncertain: true });
      const found = await paymentBy(payments, order, facts, awaitCustomer).catch((cause: unknown) => {
        // A processor that is away at the deadline has not decided in time. What it may hold is freed with the rest.
        throw cause instanceof ProviderFault && leftMs <= 0 ? abandoned(waitsFor) : cause;
      });
      if ('notYet' in found && leftMs <= 0) throw abandoned(found.notYet.waitsFor);
      return found;
    });
    if ('waitsFor' in answer && (isLast || answer.waitsFor === waitsFor)) throw undecided(answer.waitsFor);
    return answer;
  },

  voidPayment: (order) =>
    undoOnce(db, order, STEP.name, {
      call: async (key) => (await providerOf('payments', order)).void({ key }),
      rows: async (tx) => {
        const { rows } = await tx.query<{ authorizationId: string; minor: bigint; currency: string }>(
          `update payments
              set voided_at = now()
            where checkout_id = $1
           returning authorization_id as "authorizationId", amount_minor as minor, currency`,
          [order.checkoutId],
        );
        return rows.map(({ authorizationId, minor, currency }) => ({
          type: 'payment.voided',
          data: { authorizationId, amount: { minor: Number(minor), currency } },
        }));
      },
    }),
});

const WAITS: Readonly<Record<Decider, string>> = {
  customer: 'The customer has not approved yet',
  provider: 'The processor has not decided yet',
};

const CANNOT_WAIT = 'The payment is undecided, and the order began before payments could wait';

/** What the processor makes of the payment, as the step's answer. */
async function paymentBy(
  payments: PaymentGateway,
  { checkoutId }: OrderKey,
  facts: OrderFacts,
  awaitCustomer: string,
): Promise<Done<Payment> | NotYet<Undecided>> {
  const amount = orderTotal(facts);
  const { token } = facts.request.payment;
  const answer = await payments.authorize({ key: providerKey(checkoutId, STEP.name), amount, token });
  if (answer.outcome === 'declined') throw refuse('PaymentDeclined', `The payment was declined: ${answer.reason}.`);
  if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);
  if (isUndecided(answer))
    return {
      notYet: { waitsFor: deciderOf(answer) },
      note: (tx) => noteWait(tx, checkoutId, answer, awaitCustomer),
    };

  const { reference: authorizationId } = answer;
  const announced = { minor: toMinorNumber(amount), currency: amount.currency };
  return {
    result: { authorizationId },
    events: [{ type: 'payment.authorized', data: { authorizationId, amount: announced } }],
  };
}
