import { expect, test } from '@jest/globals';
import { Sockets } from '../../src/webhooks/sockets';

const NEVER_MS = 60_000;
const most = { endpoint: 2, tenant: 3, slow: 4, all: 6 };
const claim = (tenant: string, endpoint = tenant, slow = false) => ({ tenant, endpoint, slow });

test.each([
  ['endpoint', 2, () => claim('acme')],
  ['tenant', 3, (at: number) => claim('acme', `${at}`)],
  ['slow endpoints', 4, (at: number) => claim(`${at}`, `${at}`, true)],
  ['all', 6, (at: number) => claim(`${at}`)],
])('limits the sockets of one %s, and reuses a freed one', async (_, limit, claimOf) => {
  const sockets = new Sockets(most);
  const taken = await Promise.all(Array.from({ length: 10 }, (__, at) => sockets.take(claimOf(at), 0)));
  const [first] = taken;

  expect(taken.filter((each) => each !== undefined)).toHaveLength(limit);
  const waiting = sockets.take(claimOf(11), NEVER_MS);
  first?.();

  expect(await waiting).toBeDefined();
});

test('gives a free socket to the tenant with the fewest, whoever came first', async () => {
  const sockets = new Sockets({ ...most, all: 3 });
  const [first] = await Promise.all(['acme', 'acme', 'globex'].map((tenant) => sockets.take(claim(tenant), 0)));
  const order: string[] = [];
  const wait = async (tenant: string) => {
    const free = await sockets.take(claim(tenant, `${tenant}-other`), NEVER_MS);
    order.push(tenant);
    free?.();
  };
  const all = Promise.all([wait('globex'), wait('acme'), wait('initech')]);
  first?.();
  await all;

  expect(order).toEqual(['initech', 'globex', 'acme']);
});
