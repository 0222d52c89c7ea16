import { aCart, aKey } from '../carts';
import { mustBeFirstUse, mustBeProblem } from '../expectations';
import type { Check, Row } from '../row';
import type { Placement } from '../server-under-test';
import { must, NotObserved } from '../../suite/violation';

/** The wrong request gets its normal error, and the right one afterwards is the first use of the key. */
function staysFreeAfter(says: string, wrong: Placement, status: number, code: string): Check {
  return {
    says,
    run: async (server) => {
      const key = aKey();

      const refused = await server.place({ ...wrong, key });
      mustBeProblem(refused, status, code);
      must(refused.headers.location === undefined, 'the error has a Location');

      mustBeFirstUse(await server.place({ key, body: aCart() }));
    },
  };
}

/** JSON has no undefined: the member is left out. */
const withoutCurrency = { ...aCart(), currency: undefined };

export const refusedBeforeTheKey: Row = {
  row: '401, 403, 429, schema error',
  checks: [
    staysFreeAfter('401, no API key', { body: aCart(), apiKey: null }, 401, 'unauthorized'),
    staysFreeAfter('401, unknown API key', { body: aCart(), apiKey: 'sk_nobody_has_this_one' }, 401, 'unauthorized'),
    {
      says: '403, operator key',
      run: async (server) => {
        const { operator } = server.keys;
        if (operator === undefined) throw new NotObserved('give --operator-key');
        await staysFreeAfter('', { body: aCart(), apiKey: operator }, 403, 'forbidden').run(server);
      },
    },
    {
      says: '429',
      run: async () => {
        throw new NotObserved("the limit is the server's own; one met by chance is obeyed");
      },
    },
    staysFreeAfter('unknown member', { body: { ...aCart(), coupon: 'FREE' } }, 400, 'invalid-request'),
    staysFreeAfter('missing member', { body: withoutCurrency }, 400, 'invalid-request'),
    staysFreeAfter(
      'number as a string',
      { body: { ...aCart(), items: [{ sku: 'MUG-BLUE', quantity: '1' }] } },
      400,
      'invalid-request',
    ),
    staysFreeAfter('not JSON', { body: '{"customer":' }, 400, 'invalid-json'),
    staysFreeAfter(
      'declared as a form',
      { body: aCart(), contentType: 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ),
  ],
};
