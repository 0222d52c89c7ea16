import { isRecord } from '../../terminal/is-record';

import { must, NotObserved } from '../../suite/violation';
import { shortly } from '../answer';
import type { Answer } from '../answer';
import { aKey, anAskingCart } from '../carts';
import { isReplay, mustBeAcceptance, mustBeProblem, mustBeSame, mustHaveApplied } from '../expectations';
import { WAIT_FOR_OUTCOME } from '../preference';
import type { Row } from '../row';

export const awaitsItsCustomer: Row = {
  row: 'Prefer: wait=N, the customer has to act',
  checks: [
    {
      says: 'the checkout and what to do, neither stored nor replayed; then the outcome',
      run: async (server) => {
        const waiting = { key: aKey(), body: anAskingCart(), prefer: WAIT_FOR_OUTCOME };

        const id = mustBeAwaiting(await server.place(waiting));
        must(mustBeAwaiting(await server.place(waiting)) === id, 'the same key has another checkout');
        const plainly = { ...waiting, prefer: undefined };
        const acceptance = await server.place(plainly);
        must(mustBeAcceptance(acceptance) === id, 'the acceptance belongs to another checkout');

        await server.cancel(id);
        mustBeProblem(await server.place(waiting), 409, 'cancelled');
        mustBeSame(await server.place(plainly), acceptance);
      },
    },
  ],
};

/** The checkout as it is at the moment; returns its id. */
function mustBeAwaiting(answer: Answer): string {
  const { status, headers, members } = answer;
  const { id, state, nextAction } = members;
  if (status === 201) throw new NotObserved('the payment processor asks no customer to approve `tok_3ds`');
  must(status === 202 && state === 'awaiting-customer', `expected 202 awaiting-customer, got ${shortly(answer)}`);
  must(typeof id === 'string' && id !== '', 'the checkout has no id');
  must(
    isRecord(nextAction) && typeof nextAction.url === 'string',
    'the checkout does not say where to send the customer',
  );
  mustHaveApplied(answer, 'respond-async');
  must(/^\d+$/.test(headers['retry-after'] ?? ''), `Retry-After is ${headers['retry-after'] ?? 'missing'}`);
  must(headers['cache-control'] === 'no-store', `Cache-Control is ${headers['cache-control'] ?? 'missing'}`);
  must(!isReplay(answer), 'an answer that is not stored is marked Idempotent-Replayed');
  return id;
}
