import { randomUUID } from 'node:crypto';
import type { Answer } from '../answer';
import { aCart, aKey } from '../carts';
import { mustBeFirstUse, mustBeProblem, mustReplay } from '../expectations';
import type { Check, Row } from '../row';
import type { ServerUnderTest } from '../server-under-test';
import { must, NotObserved } from '../../suite/violation';

interface Stage {
  readonly server: ServerUnderTest;
  readonly key: string;
  /** The first tenant's answer for the key. */
  readonly first: Answer;
  readonly firstId: string;
  /** API key of the other tenant. */
  readonly other: string;
}

/** One tenant has placed a checkout; then the other tenant does something. */
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

/** An id nobody has, of the same form as a real one. */
const nobodysId = (id: string) => `chk_${randomUUID().replaceAll('-', '')}`.slice(0, id.length);

/** Everything a client may compare, without the id. */
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
      must(mustBeFirstUse(second) !== firstId, 'both tenants got the same checkout');

      mustReplay(await server.place({ key, body: aCart() }), first);
      mustReplay(await server.place({ key, body: aCart(), apiKey: other }), second);
    }),
    afterAnotherTenants('another body is another checkout, not a reused key', async ({ server, key, other }) => {
      const body = aCart({ expectedTotal: 3_300 });

      mustBeFirstUse(await server.place({ key, body, apiKey: other }));
    }),
    afterAnotherTenants("the other tenant's checkout looks like one that does not exist", async (stage) => {
      const { server, firstId, other } = stage;
      const nobodys = nobodysId(firstId);

      const [theirs, none] = [await server.read(firstId, other), await server.read(nobodys, other)];

      mustBeProblem(theirs, 404, 'not-found');
      must(told(theirs, firstId) === told(none, nobodys), 'the 404 for it differs from the 404 for an id nobody has');
    }),
  ],
};
