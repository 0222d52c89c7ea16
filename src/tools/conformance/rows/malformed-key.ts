import { aCart, aKey } from '../carts';
import { mustBeFirstUse, mustBeProblem } from '../expectations';
import { must } from '../../suite/violation';
import type { Answer } from '../answer';
import type { Check, Row } from '../row';

const DESCRIBED = /^<[^>]+>\s*;.*\brel="?describedby"?/;

function mustBeKeyProblem(answer: Answer, ...codes: string[]): void {
  mustBeProblem(answer, 400, ...codes);
  const link = answer.headers.link ?? 'missing';
  must(DESCRIBED.test(link), `Link is ${link}, not <…>; rel="describedby"`);
}

/** Node writes headers as Latin-1: this way the emoji arrives as its four UTF-8 bytes. */
const BASKET = Buffer.from('basket-🛒-42').toString('latin1');

const MALFORMED: readonly (readonly [string, string])[] = [
  ['7 characters', 'a2345_7'],
  ['256 characters', 'a'.repeat(256)],
  ['a space inside', 'two words here'],
  ['a slash', 'order/12345678'],
  ['a comma', 'order-1234,order-5678'],
  ['an emoji', BASKET],
  ['a quotation mark that is never closed', '"order-12345678'],
  ['a quoted string of 7 characters', '"a2345_7"'],
  ['a quoted string with a parameter', '"order-12345678";v=1'],
];

const malformed: readonly Check[] = MALFORMED.map(([says, key]) => ({
  says,
  run: async (server) => mustBeKeyProblem(await server.place({ key, body: aCart() }), 'idempotency-key-invalid'),
}));

export const malformedKey: Row = {
  row: 'no key, two keys, malformed key',
  checks: [
    {
      says: 'no key',
      run: async (server) => mustBeKeyProblem(await server.place({ body: aCart() }), 'idempotency-key-missing'),
    },
    {
      says: 'an empty key',
      run: async (server) =>
        mustBeKeyProblem(
          await server.place({ key: '', body: aCart() }),
          'idempotency-key-missing',
          'idempotency-key-invalid',
        ),
    },
    {
      says: 'two keys; both stay free',
      run: async (server) => {
        const keys = [aKey(), aKey()];

        mustBeKeyProblem(await server.place({ key: keys, body: aCart() }), 'idempotency-key-invalid');

        for (const key of keys) mustBeFirstUse(await server.place({ key, body: aCart() }));
      },
    },
    {
      says: 'one key twice; it stays free',
      run: async (server) => {
        const key = aKey();

        mustBeKeyProblem(await server.place({ key: [key, key], body: aCart() }), 'idempotency-key-invalid');

        mustBeFirstUse(await server.place({ key, body: aCart() }));
      },
    },
    ...malformed,
  ],
};
