import { randomUUID } from 'node:crypto';
import type { Answer } from '../answer';
import { aCart, aKey } from '../carts';
import { must, mustBeFirstUse, mustBeProblem, mustReplay } from '../expectations';
import type { Check, Row } from '../row';
import type { ServerUnderTest } from '../server-under-test';
import { NotObserved } from '../violation';

interface Stage {
  readonly server: ServerUnderTest;
  readonly key: string;
  /** What the one tenant was told for the key. */
  readonly first: Answer;
  readonly firstId: string;
  /** API key of the other tenant. */
  readonly other: string;
}

/** A checkout of one tenant is there; then the other tenant does something. */
const afterAnotherTenants = (says: string, act: (stage: Stage) => Promise<void>): Check => ({
  says,
  run: async (server) => {
    const other = server.keys.otherTenant;
    if (other === undefined) throw new NotObserved('give --other-key, an API key of another tenant');
    const key = aKey();
    const first = await server.place({ key, body: aCart() });
    await act({ server, key, first, firstId: mustBeFirstUse(first), other });
  },
});

/** An id nobody has, in the shape of one that somebody has. */
const nobodysId = (id: string) => `chk_${randomUUID().replaceAll('-', '')}`.slice(0, id.length);

/** All that a client may compare, with the id taken out. */
const told = (answer: Answer, id: string) =>
  JSON.stringify([
    answer.status,
    Object.keys(answer.headers).sort(),
    answer.headers['content-type'],
    answer.bytes.toString().replaceAll(id, '<id>'),
  ]);

export const otherTenant: Row = {
  row: 'same key, other tenant',
  checks: [
    afterAnotherTenants('another checkout, and each tenant replays its own', async (stage) => {
      const { server, key, first, firstId, other } = stage;

      const second = await server.place({ key, body: aCart(), apiKey: other });
      must(mustBeFirstUse(second) !== firstId, 'both tenants have one checkout');

      mustReplay(await server.place({ key, body: aCart() }), first);
      mustReplay(await server.place({ key, body: aCart(), apiKey: other }), second);
    }),
    afterAnotherTenants('another body is another checkout, not a reused key', async ({ server, key, other }) => {
      const body = aCart({ expectedTotal: 3_300 });

      mustBeFirstUse(await server.place({ key, body, apiKey: other }));
    }),
    afterAnotherTenants('the checkout of the other is as unknown as one of nobody', async (stage) => {
      const { server, firstId, other } = stage;
      const nobodys = nobodysId(firstId);

      const [theirs, none] = [await server.read(firstId, other), await server.read(nobodys, other)];

      mustBeProblem(theirs, 404, 'not-found');
      must(told(theirs, firstId) === told(none, nobodys), 'the 404 for it differs from the 404 for an id nobody has');
    }),
  ],
};
