import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fastify from 'fastify';
import { auth } from '../../api/plugins/auth';
import { problems } from '../../api/plugins/problems';
import { reach } from '../../api/plugins/reach';
import { createApiKey } from '../../src/tenants/create-api-key';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { accepted, stepsBefore } from '../support/checkout-world';
import { lanesOf } from '../support/outbox-lanes';
import { RecordingSink } from '../support/outbox-world';
import { documentedRoutes } from './documented-routes';

/** What acme has, and what concerns all tenants: the targets of globex's operator. */
interface Loot {
  readonly checkout: string;
  readonly webhook: string;
  readonly redrive: string;
  readonly replay: string;
  readonly allRedriven: string;
  readonly allReplayed: string;
}

type Kind = 'checkout' | 'webhook' | 'redrive' | 'replay';

/** How a route is attacked: with something of acme's, and with what concerns every tenant. A list has neither. */
interface Attack {
  readonly path?: Kind;
  readonly body?: object;
  /** Bodies that name what is in `loot`. */
  readonly theirs?: (loot: Pick<Loot, Kind>) => readonly object[];
  readonly everybodys?: readonly object[];
  readonly lists?: Kind;
}

const REASON = { reason: 'To see whether it can be done.' };
const RANGE = { ...REASON, sink: 'webhooks', from: '2026-01-01T00:00:00Z' };

/** Every operator route is in here, or the first test fails. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  'GET /v1/ops/attention': { lists: 'checkout' },
  'POST /v1/ops/checkouts/{id}/repair': {
    path: 'checkout',
    body: { ...REASON, step: 'loyalty-awarded', action: 'retry' },
  },
  'GET /v1/ops/stranded': { lists: 'checkout' },
  'POST /v1/ops/checkouts/{id}/resume': { path: 'checkout', body: REASON },
  'GET /v1/ops/outbox': { everybodys: [{}] },
  'GET /v1/ops/outbox/dead-letters': { lists: 'checkout' },
  'POST /v1/ops/outbox/redrive': {
    theirs: ({ checkout, webhook }) => [
      ...[{ checkoutId: checkout }, { target: webhook }, { checkoutId: checkout, plan: true }],
      { sink: 'redis', checkoutId: checkout },
    ],
    body: REASON,
    everybodys: [{}, { sink: 'redis' }, { plan: true }],
  },
  'GET /v1/ops/outbox/redrives/{id}': { path: 'redrive' },
  'POST /v1/ops/outbox/redrives/{id}/stop': { path: 'redrive' },
  'POST /v1/ops/outbox/replay': {
    theirs: ({ webhook }) => [{ target: webhook }, { target: webhook, plan: true }],
    body: RANGE,
    everybodys: [{ sink: 'redis' }, { sink: 'redis', plan: true }, {}],
  },
  'GET /v1/ops/outbox/replays/{id}': { path: 'replay' },
  'POST /v1/ops/outbox/replays/{id}/stop': { path: 'replay' },
};

let world: ApiWorld;
let keys: { acme: string; globex: string };
let loot: Loot;
beforeAll(async () => {
  world = await apiWorld();
  const keyOf = (tenant: string) => createApiKey(world.db, { tenant, scope: 'operator' });
  keys = { acme: await keyOf('acme'), globex: await keyOf('globex') };
  loot = await prepareLoot();
});
afterAll(() => world.close());

/** An order of acme with a dead letter and open attention, whose workflow is gone; and requests of an operator of all tenants. */
async function prepareLoot(): Promise<Loot> {
  const { db, activities } = world;
  const order = await accepted(db);
  await stepsBefore(activities, order, 4);
  const sink = new RecordingSink('redis');
  sink.script = () => ({ status: 'failed', reason: 'too large', retry: false });
  await (await lanesOf(db, sink)).pass();
  await db.query(`update outbox_cursors set sink = 'webhooks' where sink = 'redis' and shard = 0`);
  await activities.raiseAttention({ ...order, step: 'notification-sent', kind: 'step', why: 'The mail is away.' });
  await db.query(`update checkouts set started_at = now() where id = $1`, [order.checkoutId]);
  await db.query(
    `insert into webhook_endpoints (id, tenant, url, secret) values ('whe_acme', 'acme', 'https://shop.example', '')`,
  );
  const [checkout, webhook] = [order.checkoutId, 'whe_acme'];
  const ids = [aKey(), aKey(), aKey(), aKey()] as const;
  await db.query(
    `insert into outbox_redrives (id, checkout_id, reason, operator, total) values ($1, $2, 'r', 'o', 1), ($3, null, 'r', 'o', 1)`,
    [ids[0], checkout, ids[1]],
  );
  await db.query(
    `insert into outbox_replays (id, sink, target, since, until, reason, operator, total)
     select id, 'webhooks', target, now(), now(), 'r', 'o', 1 from (values ($1, $2), ($3, '')) asked (id, target)`,
    [ids[2], webhook, ids[3]],
  );
  return { checkout, webhook, redrive: ids[0], allRedriven: ids[1], replay: ids[2], allReplayed: ids[3] };
}

const call = (route: string, apiKey: string, { id = 'x', body }: { id?: string; body?: object } = {}) => {
  const [method, path] = route.split(' ') as ['GET' | 'POST', string];
  return world.app.inject({
    ...{ method, url: path.replace('{id}', id) },
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'idempotency-key': aKey() }) },
    ...(body && { payload: body }),
  });
};

/** Each way to name something with the route: in its path, or in its body. */
function naming({ path, body, theirs }: Attack, things: Pick<Loot, Kind>) {
  if (path) return [{ id: things[path], ...(body && { body }) }];
  return (theirs?.(things) ?? []).map((what) => ({ body: { ...body, ...what } }));
}

const whatWasDone = async () => {
  const tables = ['repairs', 'resumes', 'outbox_redrives', 'outbox_replays', 'outbox_parked', 'attention', 'checkouts'];
  const read = tables.map((table) => world.db.query(`select * from ${table} order by 1, 2, 3, 4`));
  return (await Promise.all(read)).map(({ rows }) => rows);
};

test('attacks every operator route, and a route that does not declare its reach fails the boot', async () => {
  const routes = (await documentedRoutes(world.app)).map(({ method, path }) => `${method} ${path}`);

  expect(Object.keys(ATTACKS).sort()).toEqual(routes.filter((route) => route.includes('/v1/ops/')).sort());
  const app = fastify();
  await app.register(problems, { isUnavailable: () => false });
  await app.register(auth, { ...world.options, findCaller: () => undefined });
  await app.register(reach, { tenantOf: async () => undefined });
  expect(() => app.get('/v1/ops/new', { config: { access: 'operator' } }, async () => '')).toThrow(/whom it concerns/);
});

describe('an operator key of another tenant', () => {
  test('gets the same 404 as for what does not exist, 403 for what concerns all tenants, and changes nothing', async () => {
    const before = await whatWasDone();
    const nowhere = { checkout: 'chk_none', webhook: 'whe_none', redrive: 'nobody-asked', replay: 'nobody-asked' };
    for (const [route, attack] of Object.entries(ATTACKS)) {
      const whole = { ...loot, redrive: loot.allRedriven, replay: loot.allReplayed };
      const never = naming(attack, nowhere);
      for (const things of [loot, whole]) {
        for (const [at, what] of naming(attack, things).entries()) {
          const answer = await call(route, keys.globex, what);
          expect([route, answer.statusCode, answer.body]).toEqual([
            ...[route, 404],
            (await call(route, keys.globex, never[at])).body,
          ]);
        }
      }
      for (const what of attack.everybodys ?? []) {
        const get = route.startsWith('GET') ? {} : { body: { ...attack.body, ...what } };
        const answers = [await call(route, keys.globex, get), await call(route, keys.acme, get)];
        expect([route, what, ...answers.map(({ statusCode }) => statusCode)]).toEqual([route, what, 403, 403]);
        expect(answers[0]?.json()).toMatchObject({
          code: 'forbidden',
          detail: expect.stringContaining('every tenant'),
        });
      }
    }
    expect(await whatWasDone()).toEqual(before);
  });

  test("sees nothing of it in any list, where its own tenant's operator does", async () => {
    for (const [route, { lists }] of Object.entries(ATTACKS)) {
      if (!lists) continue;
      const [theirs, own] = [await call(route, keys.globex), await call(route, keys.acme)];
      expect([route, theirs.statusCode, own.statusCode]).toEqual([route, 200, 200]);
      expect(theirs.body).not.toContain(loot[lists]);
      expect(own.body).toContain(loot[lists]);
    }
  });
});

test('operator keys of the tenant and of all tenants may do all of it', async () => {
  for (const apiKey of [keys.acme, 'sk_sandbox_operator']) {
    for (const [route, attack] of Object.entries(ATTACKS)) {
      for (const what of naming(attack, loot)) {
        const { statusCode } = await call(route, apiKey, what);
        expect([route, what, [200, 202, 409].includes(statusCode) || statusCode]).toEqual([route, what, true]);
      }
    }
  }
});
