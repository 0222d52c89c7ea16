import { isRecord } from '../../terminal/is-record';
import type { CheckoutRequest } from '../../../domain/order';
import type { RefusalCode } from '../../../domain/refusals';
import { aCart, aKey } from '../carts';
import { mustBeAcceptance, mustBeProblem, mustHaveApplied, mustReplay } from '../expectations';
import { must } from '../../suite/violation';
import { WAIT_FOR_OUTCOME } from '../preference';
import type { Check, Row } from '../row';

const refusedAs = (status: number, code: RefusalCode, body: CheckoutRequest): Check => ({
  says: `${status} ${code}`,
  run: async (server) => {
    const key = aKey();

    const outcome = await server.place({ key, body, prefer: WAIT_FOR_OUTCOME });
    mustBeProblem(outcome, status, code);
    mustHaveApplied(outcome, 'wait');
    mustReplay(await server.place({ key, body, prefer: WAIT_FOR_OUTCOME }), outcome);

    const id = mustBeAcceptance(await server.place({ key, body }));
    must(outcome.members.checkoutId === id, `checkoutId is ${String(outcome.members.checkoutId)}, not the checkout's`);
    const { state, refusal } = (await server.read(id)).members;
    must(state === 'refused', `the checkout is ${String(state)}, not refused`);
    must(isRecord(refusal) && refusal.code === code, 'the checkout does not say why it was refused');
  },
});

const { shippingAddress } = aCart();

export const refusalOutcome: Row = {
  row: 'a refusal is an outcome',
  checks: [
    refusedAs(402, 'payment-declined', aCart({ payment: { token: 'tok_declined' } })),
    refusedAs(409, 'out-of-stock', aCart({ items: [{ sku: 'SOLD-OUT', quantity: 1 }] })),
    refusedAs(409, 'price-changed', aCart({ expectedTotal: 1 })),
    refusedAs(422, 'undeliverable-address', aCart({ shippingAddress: { ...shippingAddress, postalCode: '00000' } })),
  ],
};
