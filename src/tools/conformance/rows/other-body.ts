import { WAIT_FOR_OUTCOME } from '../preference';
import type { CheckoutRequest } from '../../../domain/order';
import type { Answer } from '../answer';
import { aCart, aKey, aSlowCart } from '../carts';
import { mustBeCompleted, mustBeFirstUse, mustBeProblem, mustReplay } from '../expectations';
import { must } from '../../suite/violation';
import type { Check, Row } from '../row';

/** The sender may have guessed the key, so the answer says nothing about the first request. */
function mustBeReused(answer: Answer, firstId: string): void {
  mustBeProblem(answer, 422, 'idempotency-key-reused');
  must(answer.headers.location === undefined, 'the 422 has a Location');
  must(!answer.bytes.includes(firstId), 'the 422 contains the id of the first checkout');
}

const reusedFor = (says: string, body: CheckoutRequest): Check => ({
  says,
  run: async (server) => {
    const key = aKey();
    const first = await server.place({ key, body: aCart() });
    const id = mustBeFirstUse(first);

    mustBeReused(await server.place({ key, body }), id);

    mustReplay(await server.place({ key, body: aCart() }), first);
  },
});

const { items, shippingAddress } = aCart();

export const otherBody: Row = {
  row: 'same key, other body',
  checks: [
    reusedFor('another quantity', aCart({ items: [{ sku: 'MUG-BLUE', quantity: 2 }] })),
    reusedFor('one more member', aCart({ expectedTotal: 3_300 })),
    reusedFor('items in another order', aCart({ items: [...items].reverse() })),
    reusedFor(
      'a name that only looks the same',
      aCart({ shippingAddress: { ...shippingAddress, name: shippingAddress.name.normalize('NFD') } }),
    ),
    reusedFor('a body that would be declined', aCart({ payment: { token: 'tok_declined' } })),
    reusedFor('a body that would be out of stock', aCart({ items: [{ sku: 'SOLD-OUT', quantity: 1 }] })),
    {
      says: 'with Prefer: wait',
      run: async (server) => {
        const key = aKey();
        const id = mustBeFirstUse(await server.place({ key, body: aCart() }));

        mustBeReused(await server.place({ key, body: aCart({ expectedTotal: 1 }), prefer: WAIT_FOR_OUTCOME }), id);
      },
    },
    {
      says: 'while the first is running, and after it has ended',
      run: async (server) => {
        const key = aKey();
        const id = mustBeFirstUse(await server.place({ key, body: aSlowCart() }));
        const waiting = server.place({ key, body: aSlowCart(), prefer: WAIT_FOR_OUTCOME });

        const [running, ended] = await Promise.all([server.place({ key, body: aCart() }), waiting]);
        mustBeReused(running, id);
        must(mustBeCompleted(ended) === id, 'the first request ended as another checkout');

        mustBeReused(await server.place({ key, body: aCart() }), id);
      },
    },
  ],
};
