import { aCart, aKey } from '../carts';
import { mustBeFirstUse, mustReplay } from '../expectations';
import type { Check, Row } from '../row';
import type { Placement } from '../server-under-test';
import { escaped, spell } from '../json-spelling';

const CART = aCart({ expectedTotal: 3_300 });

/** The same request, written differently, gets the same bytes. */
const replayedFor = (says: string, again: (key: string) => Placement): Check => ({
  says,
  run: async (server) => {
    const key = aKey();
    const first = await server.place({ key, body: CART });
    mustBeFirstUse(first);

    mustReplay(await server.place(again(key)), first);
  },
});

export const sameBody: Row = {
  row: 'same key, same body',
  checks: [
    replayedFor('the same request', (key) => ({ key, body: CART })),
    replayedFor('members in another order', (key) => ({ key, body: spell(CART, { reversed: true }) })),
    replayedFor('different white space', (key) => ({ key, body: spell(CART, { gap: '\r\n\t ' }) })),
    replayedFor('equal numbers written 1.0e0', (key) => ({
      key,
      body: spell(CART, { number: (value) => `${value.toFixed(1)}e0` }),
    })),
    replayedFor('equal characters written \\u0041', (key) => ({ key, body: spell(CART, { text: escaped }) })),
    replayedFor('a quoted key', (key) => ({ key: `"${key}"`, body: CART })),
    replayedFor('a charset in Content-Type', (key) => ({
      key,
      body: CART,
      contentType: 'application/json; charset=utf-8',
    })),
    {
      says: 'ten times, one after another',
      run: async (server) => {
        const key = aKey();
        const first = await server.place({ key, body: CART });
        mustBeFirstUse(first);

        for (let times = 0; times < 10; times += 1) mustReplay(await server.place({ key, body: CART }), first);
      },
    },
  ],
};
