import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkoutActivities } from '../../activities';
import type { Carrier } from '../../src/ports/carrier';
import type { Mailer } from '../../src/ports/mailer';
import type { FulfillmentAnswer, Warehouse } from '../../src/ports/warehouse';
import { accepted, checkoutWorld, stepsBefore } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { replacing } from '../support/replaced-ports';
import { STEP_TABLE } from '../support/recording-activities';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await checkoutWorld();
});
afterAll(() => world.close());

const HOUSE = { name: 'House 2', line1: '1 Dock Rd', city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };

/** The calls to warehouse, mailer and carrier of one order, whose warehouse gives `answer`. */
async function callsOfOneOrder(answer: FulfillmentAnswer) {
  const told: Parameters<Warehouse['trigger']>[0][] = [];
  const letters: Parameters<Mailer['sendConfirmation']>[0][] = [];
  const parcels: Parameters<Carrier['generateLabel']>[0][] = [];
  const order = await accepted(world.db);
  const { providerOf: real, choices } = world.providers;
  const [warehouse, mail, carrier] = await Promise.all([
    real('warehouse', order),
    real('mail', order),
    real('carrier', order),
  ]);
  const providerOf = replacing(real, {
    warehouse: { trigger: async (call) => (told.push(call), answer), cancel: (call) => warehouse.cancel(call) },
    mail: {
      sendConfirmation: (letter) => (letters.push(letter), mail.sendConfirmation(letter)),
      sendCancellation: (letter) => mail.sendCancellation(letter),
      sendRefundNotice: (letter) => mail.sendRefundNotice(letter),
    },
    carrier: {
      generateLabel: (parcel) => (parcels.push(parcel), carrier.generateLabel(parcel)),
      voidLabel: (call) => carrier.voidLabel(call),
    },
  });
  const activities = checkoutActivities({ db: world.db, choices, providerOf });
  await stepsBefore(activities, order, STEP_TABLE.length - 1);
  await activities.generateLabel(order);
  return { told, letters, parcels };
}

test('warehouse, mailer and carrier learn what the catalog calls the goods', async () => {
  const { told, letters, parcels } = await callsOfOneOrder({ outcome: 'triggered', reference: 'ful_1' });

  const lines = [expect.objectContaining({ name: 'Blue mug', quantity: 2, sku: 'MUG-BLUE' })];
  expect(told).toMatchObject([{ lines }]);
  expect(letters).toMatchObject([{ lines }]);
  expect(parcels).toMatchObject([{ lines, value: { minor: 3000n, currency: 'USD' } }]);
});

test('the customer is told the day that the warehouse promised, and the carrier where it ships from', async () => {
  const promise = { deliveryPromise: '2026-12-24', shipFrom: HOUSE };
  const { letters, parcels } = await callsOfOneOrder({ outcome: 'accepted', reference: 'ful_2', ...promise });

  expect(letters).toMatchObject([{ deliveryPromise: '2026-12-24' }]);
  expect(parcels).toMatchObject([{ shipFrom: HOUSE }]);
});

test('nothing is made up for a warehouse that promises nothing', async () => {
  const { letters, parcels } = await callsOfOneOrder({ outcome: 'triggered', reference: 'ful_3' });

  expect(letters[0]).not.toHaveProperty('deliveryPromise');
  expect(parcels[0]).not.toHaveProperty('shipFrom');
});
