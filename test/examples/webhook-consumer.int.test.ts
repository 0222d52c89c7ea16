import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { newSecret, signatureHeaders } from '../../src/webhooks/signature';
import { createTestDatabase } from '../support/template-database';
import type { TestDatabase } from '../support/template-database';
import { webhookConsumer } from './webhook-consumer';
import type { WebhookConsumerOptions } from './webhook-consumer';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { connections: 10, onIdleError: () => undefined });
  await db.query(`create table parcels_to_pack (checkout_id text not null)`);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const secret = newSecret();

function setup() {
  const checkoutId = `chk_${randomUUID()}`;
  const id = randomUUID();
  const body = JSON.stringify({ id, type: 'com.durablecheckout.checkout.completed.v1', subject: checkoutId });
  let failures = 0;
  const apply: WebhookConsumerOptions['apply'] = async (tx, { subject }) => {
    await tx.query(`insert into parcels_to_pack (checkout_id) values ($1)`, [subject]);
    if (failures > 0) throw new Error(`The packing machine is jammed, ${(failures -= 1)} more times`);
  };
  const app = Fastify();
  void app.register(webhookConsumer, { db, secret, apply });
  const deliver = async ({ at = new Date(), key = secret, sent = body } = {}) => {
    const headers = { ...signatureHeaders(key, { id, at, body }), 'content-type': 'application/cloudevents+json' };
    return (await app.inject({ method: 'POST', url: '/hooks', headers, payload: sent })).statusCode;
  };
  const effects = async () =>
    (await db.query(`select from parcels_to_pack where checkout_id = $1`, [checkoutId])).rowCount;
  return { app, body, deliver, effects, failNext: () => (failures += 1) };
}

const MINUTE_MS = 60_000;

test('applies an event that is signed and fresh', async () => {
  const { deliver, effects } = setup();

  expect(await deliver()).toBe(204);
  expect(await effects()).toBe(1);
});

test('answers a forged one with 401 and does not apply it', async () => {
  const { app, body, deliver, effects } = setup();

  const statuses = [await deliver({ key: newSecret() }), await deliver({ sent: body.replace('chk_', 'chk-') })];
  const timestamp = { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000)) };
  const headers = { ...timestamp, 'content-type': 'application/cloudevents+json' };
  const unsigned = await app.inject({ method: 'POST', url: '/hooks', headers, payload: body });

  expect([...statuses, unsigned.statusCode]).toEqual([401, 401, 401]);
  expect(await effects()).toBe(0);
});

test('answers a stale one with 400 and does not apply it', async () => {
  const { app, body, deliver, effects } = setup();

  const statuses = await Promise.all(
    [-5.1, 5.1].map((minutes) => deliver({ at: new Date(Date.now() + minutes * MINUTE_MS) })),
  );
  const headers = { 'content-type': 'application/cloudevents+json' };
  const undated = await app.inject({ method: 'POST', url: '/hooks', headers, payload: body });

  expect([...statuses, undated.statusCode]).toEqual([400, 400, 400]);
  expect(await effects()).toBe(0);
});

test('accepts a replayed one, and ten at the same time, and applies it once', async () => {
  const { deliver, effects } = setup();

  const statuses = await Promise.all(Array.from({ length: 10 }, () => deliver()));

  expect([...statuses, await deliver()]).toEqual(Array(11).fill(204));
  expect(await effects()).toBe(1);
});

test('applies an event that failed when it comes again', async () => {
  const { deliver, effects, failNext } = setup();
  failNext();

  expect([await deliver(), await effects()]).toEqual([500, 0]);
  expect([await deliver(), await effects()]).toEqual([204, 1]);
});
