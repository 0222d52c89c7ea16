import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkoutActivities } from '../../activities';
import { keyMemoryIn } from '../../src/adapters/key-memory';
import { create } from '../../src/adapters/own-label/create';
import type { Carrier } from '../../src/ports/carrier';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { replacing } from '../support/replaced-ports';
import { stepsBefore, unwinding } from '../support/checkout-world';
import { complete, idOf } from './setup';

const FROM = { name: 'Müller Versand', line1: 'Straße 5', city: 'Köln', postalCode: '50667', country: 'DE' };
const LAST = 6;

let world: ApiWorld;
let carrier: Carrier;
beforeAll(async () => {
  world = await apiWorld();
  carrier = create({ from: FROM }, keyMemoryIn(world.db, 'carrier'));
});
afterAll(() => world.close());

const activities = () =>
  checkoutActivities({
    ...world.providers,
    db: world.db,
    providerOf: replacing(world.providers.providerOf, { carrier }),
  });

const placed = async () => ({ checkoutId: idOf(await place(world.app, { key: aKey() })), tenant: 'acme' });

const labelOf = (id: string, apiKey = 'sk_sandbox_acme') =>
  world.app.inject({ url: `/v1/checkouts/${id}/label`, headers: { authorization: `Bearer ${apiKey}` } });

test('a merchant gets the label of a completed checkout, the same bytes each time', async () => {
  const order = await placed();
  await stepsBefore(activities(), order, LAST);
  const made = await activities().generateLabel(order);

  const [label, again] = [await labelOf(order.checkoutId), await labelOf(order.checkoutId)];

  expect(label.statusCode).toBe(200);
  expect(label.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${order.checkoutId}.pdf"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(label.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
  expect(again.rawPayload.equals(label.rawPayload)).toBe(true);
  expect(made.trackingNumber).toMatch(/^DC\d{20}$/);
});

test('an attempt that is repeated after a lost answer gets the same label', async () => {
  const order = await placed();
  const request = { key: `${order.checkoutId}:label-generated`, orderId: order.checkoutId };
  const parcel = { ...request, address: aRequest().shippingAddress, lines: [], value: { minor: 1n, currency: 'USD' } };

  expect(await carrier.generateLabel(parcel)).toEqual(await carrier.generateLabel(parcel));
});

test('a label that comes after its undo is not drawn', async () => {
  const order = await placed();
  await stepsBefore(activities(), order, LAST);

  await activities().voidLabel(unwinding(order));
  await world.db.query(`delete from step_ledger where checkout_id = $1 and step = 'label-generated'`, [
    order.checkoutId,
  ]);
  // As an attempt that had looked into the ledger before the undo.
  await world.db.query(`update checkouts set unwinding_at = null, refusal = null where id = $1`, [order.checkoutId]);
  const late: unknown = await activities()
    .generateLabel(order)
    .catch((error: unknown) => error);

  expect(late).toMatchObject({ type: 'AlreadyUndone' });
  expect((await labelOf(order.checkoutId)).statusCode).toBe(404);
});

test('no label is a 404 in the same words, whatever the reason', async () => {
  const theirs = await placed();
  await stepsBefore(activities(), theirs, LAST);
  await activities().generateLabel(theirs);
  const keptByCarrier = await placed();
  await complete(world, keptByCarrier.checkoutId);
  const running = await placed();

  const answers = [
    await labelOf(theirs.checkoutId, 'sk_sandbox_globex'),
    await labelOf(keptByCarrier.checkoutId),
    await labelOf(running.checkoutId),
    await labelOf(`chk_${'0'.repeat(32)}`),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
});

test('a label has a name and a street, so an operator does not get it', async () => {
  expect((await labelOf((await placed()).checkoutId, 'sk_sandbox_operator')).statusCode).toBe(403);
});
