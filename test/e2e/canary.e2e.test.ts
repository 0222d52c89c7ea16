import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { Redis } from 'ioredis';
import { CHECKOUT_PROGRESS, checkoutWorkflowId } from '../../src/contract/checkout';
import type { CheckoutReceipt, OrderKey } from '../../src/contract/checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import { resourceIdOf } from '../../src/idempotency/key';
import { dataConverterOf } from '../../src/payloads/data-converter';
import { payloadCodec } from '../../src/payloads/payload-codec';
import { parsePayloadKeys } from '../../src/payloads/payload-keys';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { decrypted, hits, inPlainSight } from '../support/plain-sight';
import { OwnStack } from '../support/own-stack';

type CheckoutWorkflow = (order: OrderKey) => Promise<CheckoutReceipt>;

/** Occurs nowhere else, in neither case. */
const MARK = `zq${randomBytes(4).toString('hex')}`;
const PERSONAL = {
  email: `${MARK}mail@example.com`,
  name: `${MARK} name`,
  line1: `${MARK} line one`,
  line2: `${MARK} line two`,
  city: `${MARK} city`,
  region: `${MARK} region`,
  postalCode: `${MARK} pc`,
  token: `tok_${MARK}`,
};
/** The tokens that control the sandbox count too: no token may be seen. */
const CANARIES = [MARK, ...Object.values(PERSONAL), 'tok_visa', 'tok_declined', 'tok_slow', 'tok_3ds'];

const aPersonalRequest = (overrides: Partial<CheckoutRequest> = {}, postalCode = PERSONAL.postalCode) => {
  const { email, name, line1, line2, city, region } = PERSONAL;
  const shippingAddress = { name, line1, line2, city, region, postalCode, country: 'GB' };
  return aRequest({ customer: { id: 'cus_42', email }, shippingAddress, ...overrides });
};

/** One order for each way to end, and one whose customer has to approve. Those that complete meet a fault at every provider, since retries are logged and recorded. */
const ORDERS = [
  { ends: 'completed', code: undefined, body: aPersonalRequest() },
  { ends: 'completed', code: undefined, body: aPersonalRequest({ payment: { token: 'tok_3ds' } }) },
  { ends: 'refused', code: 'unknown-sku', body: aPersonalRequest({ items: [{ sku: 'NO-SUCH', quantity: 1 }] }) },
  { ends: 'refused', code: 'payment-declined', body: aPersonalRequest({ payment: { token: PERSONAL.token } }) },
  { ends: 'refused', code: 'out-of-stock', body: aPersonalRequest({ items: [{ sku: 'SOLD-OUT', quantity: 1 }] }) },
  { ends: 'refused', code: 'warehouse-refused', body: aPersonalRequest() },
  { ends: 'refused', code: 'undeliverable-address', body: aPersonalRequest({}, '00000') },
  { ends: 'cancelled', code: 'cancelled', body: aPersonalRequest({ payment: { token: 'tok_slow' } }) },
].map((order) => {
  const key = aKey();
  return { ...order, key, id: resourceIdOf('chk', 'acme', key), workflowId: checkoutWorkflowId('acme', key) };
});
const ASKED = ORDERS[1]?.id ?? '';
const IDS = ORDERS.map(({ id }) => id);
const FAULTS = ORDERS.flatMap(({ id, code }): object[] => {
  if (code === 'warehouse-refused') return [{ provider: 'warehouse', operation: 'fulfill', key: id, kind: 'refuse' }];
  if (code !== undefined) return [];
  const failing = { key: id, kind: 'fail-before', times: 1 };
  return ['payments', 'warehouse', 'mail', 'carrier'].map((provider) => ({ provider, ...failing }));
});

/** Not personal data, but unreadable without the keys: a result, an argument, a message, a stack. */
const SECRETS = ['"authorizationId"', '"because"', 'Not enough in stock: SOLD-OUT.', 'stack_trace'];
/** Readable without the keys: memo, summaries, search attributes, and the type of a failure. */
const SHOWN = ['acme: 2 units in USD', '2/7 hold the money', 'out-of-stock', 'Encoded failure: OutOfStock'];

let stack: OwnStack;
let connection: Connection;
let client: Client;
let keys: string;

/** Approves as the customer does, and looks for what it takes to do so as for any canary. */
async function approve(id: string): Promise<void> {
  const { nextAction } = await eventually(async () => {
    const checkout = await stack.read(id, 'sk_sandbox_acme');
    return checkout.nextAction ? checkout : undefined;
  });
  CANARIES.push(new URL(nextAction?.url ?? '').pathname.split('/').at(-1) ?? '');
  expect((await fetch(`${nextAction?.url}/approve`, { method: 'POST' })).ok).toBe(true);
}

/** A stack of its own: other tests set faults, kill parts and write logs. */
beforeAll(async () => {
  stack = await OwnStack.start();
  connection = await Connection.connect({ address: stack.file.temporal });
  keys = (JSON.parse(readFileSync(path.join(stack.dataDir, 'secrets.json'), 'utf8')) as { payloadKeys: string })
    .payloadKeys;
  client = new Client({ connection, dataConverter: dataConverterOf(keys) });

  await stack.faults(FAULTS);
  for (const { body, key } of ORDERS) expect((await stack.place(body, { key })).status).toBe(202);
  const slow = client.workflow.getHandle(ORDERS.at(-1)?.workflowId ?? '');
  await eventually(() =>
    slow.cancel().then(
      () => true as const,
      () => undefined,
    ),
  );

  await approve(ASKED);

  const ended = await Promise.all(IDS.map((id) => stack.ended(id)));
  expect(ended.map(({ state, refusal }) => [state, refusal?.code])).toEqual(
    ORDERS.map(({ ends, code }) => [ends, code]),
  );
  for (const { workflowId } of ORDERS)
    await client.workflow
      .getHandle(workflowId)
      .result()
      .catch(() => undefined);
});

afterAll(async () => {
  await connection.close();
  await stack.stop();
});

/** History, description (memo, search attributes, summary, details) and list row, as Temporal shows them to anybody. */
async function recorded(workflowId: string) {
  const { workflowService } = connection;
  const execution = { workflowId };
  return {
    history: await client.workflow.getHandle(workflowId).fetchHistory(),
    description: await workflowService.describeWorkflowExecution({ namespace: 'default', execution }),
    list: await workflowService.listWorkflowExecutions({ namespace: 'default', query: `WorkflowId = "${workflowId}"` }),
  };
}
const allRecorded = () => Promise.all(ORDERS.map(({ workflowId }) => recorded(workflowId)));
const decode = (payloads: Payload[]) => payloadCodec(parsePayloadKeys(keys), { anyWorkflow: true }).decode(payloads);

test('finds every canary where it belongs, since a search that finds nothing anywhere proves nothing', async () => {
  const { rows } = await stack.db.query(`select request from checkouts where id = any($1)`, [IDS]);

  expect(hits(inPlainSight(rows), CANARIES)).toEqual(expect.arrayContaining([MARK, ...Object.values(PERSONAL)]));
  const planted = { history: { events: [{ input: { payloads: [{ data: Buffer.from(PERSONAL.email) }] } }] } };
  expect(hits(inPlainSight(planted), CANARIES)).toEqual([MARK, PERSONAL.email]);
});

test('finds no canary in histories, memos, search attributes, summaries or details, decrypted or not', async () => {
  const plain = inPlainSight(await allRecorded());
  const readable = inPlainSight(await decrypted(await allRecorded(), decode));

  expect(hits(plain, CANARIES)).toEqual([]);
  expect(hits(readable, CANARIES)).toEqual([]);
  // Everything that was searched was there, and was decrypted.
  expect(hits(plain, IDS)).toEqual(IDS);
  expect(hits(readable, [...IDS, ...SECRETS])).toEqual([...IDS, ...SECRETS]);
});

test('finds none in the answers to queries of the workflow', async () => {
  const answers = ORDERS.map(async ({ workflowId }) => {
    const handle = client.workflow.getHandle(workflowId);
    return [await handle.query(CHECKOUT_PROGRESS), await handle.query('__temporal_workflow_metadata')];
  });

  const answered = inPlainSight(await Promise.all(answers));
  expect(hits(answered, [...CANARIES, '**label-generated** done'])).toEqual(['**label-generated** done']);
});

test('without the keys, shows people what they need, but no input, result or message', async () => {
  const plain = inPlainSight(await allRecorded());
  const completed = client.workflow.getHandle<CheckoutWorkflow>(ORDERS[0]?.workflowId ?? '');
  const { authorizationId, trackingNumber } = await completed.result();

  expect(hits(plain, [authorizationId, trackingNumber, ...SECRETS])).toEqual([]);
  expect(hits(plain, SHOWN)).toEqual(SHOWN);
});

test("finds none in Temporal's database file", async () => {
  const files = readdirSync(stack.dataDir).filter((name) => name.startsWith('temporal.db'));
  const content = files.map((name) => readFileSync(path.join(stack.dataDir, name), 'latin1')).join('\n');

  expect(hits(content, [...CANARIES, ...SECRETS])).toEqual([]);
  expect(hits(content, IDS)).toEqual(IDS);
});

test('finds no canary in any log', () => {
  const directory = path.join(stack.dataDir, 'logs');
  const logs = readdirSync(directory).map((name) => readFileSync(path.join(directory, name), 'latin1'));

  expect(logs.length).toBeGreaterThanOrEqual(8);
  expect(hits(logs.join('\n'), CANARIES)).toEqual([]);
  // The faults of the first order were logged, so there was something that could leak.
  expect(hits(logs.join('\n'), [ORDERS[0]?.id ?? ''])).toHaveLength(1);
});

test('finds no canary in events, and keeps no address at which a payment was approved', async () => {
  const { rows } = await stack.db.query(`select * from outbox_events where aggregateid = any($1)`, [IDS]);
  const waits = await stack.db.query(`select * from payment_waits where checkout_id = $1`, [ASKED]);

  expect(hits(inPlainSight([rows, waits.rows]), CANARIES)).toEqual([]);
  expect(hits(inPlainSight(rows), [...IDS, 'payment.awaiting-customer'])).toHaveLength(IDS.length + 1);
  expect(waits.rows).toHaveLength(1);
});

test('finds none in the metrics, or in Redis: cached answers, counters, the stream of events', async () => {
  const metrics = await (await fetch(`${stack.file.api}/metrics`)).text();
  // The relay delivers the last events a little later.
  const kept = await eventually(async () => {
    const everything = await allInRedis(stack.file.redis ?? '');
    return hits(everything, IDS).length === IDS.length ? everything : undefined;
  });

  expect(hits(metrics, [...CANARIES, ...IDS])).toEqual([]);
  expect(hits(metrics, ['durable_checkout_http_request_duration_seconds'])).toHaveLength(1);
  expect(hits(kept, CANARIES)).toEqual([]);
});

/** Names and contents of all keys, as searchable bytes. */
async function allInRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    const names = await redis.keys('*');
    const contents = names.map(async (name) => {
      // Not DUMP, which compresses. A key of another type throws here, and then this function has to learn to read it.
      return (await redis.type(name)) === 'stream' ? redis.xrangeBuffer(name, '-', '+') : redis.getBuffer(name);
    });
    return inPlainSight([names, await Promise.all(contents)]);
  } finally {
    redis.disconnect();
  }
}
