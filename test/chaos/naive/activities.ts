import { randomUUID } from 'node:crypto';
import type { CheckoutRequest } from '../../../src/domain/order';
import type { Step } from '../../../src/domain/steps';
import type { ProviderOf } from '../../../src/ports/providers';
import type { Database } from '../../../src/postgres/database';

/** The tables of an ordinary shop: rows with generated ids. */
export const NAIVE_TABLES = `
  create schema naive;
  create table naive.orders (
    id bigint generated always as identity primary key, checkout_id text not null, total bigint not null, cancelled_at timestamptz
  );
  create table naive.reservations (order_id bigint not null, sku text not null, quantity int not null, released_at timestamptz);
  create table naive.points (order_id bigint not null, points bigint not null, revoked_at timestamptz)`;

const CURRENCY = 'USD';
const CENTS = 100;

/** An ordinary shop undoes under the id that the vendor gave. Here that is the key, which is new for every call too. */
const callOf = (checkoutId: string, step: Step): string => `${checkoutId}.${randomUUID()}:${step}`;

type Items = CheckoutRequest['items'];
export type NaiveActivities = ReturnType<typeof naiveActivities>;

/** An ordinary shop has one provider for each role, whatever the order. */
const ANY_ORDER = { checkoutId: '', tenant: 'acme' };

/** The seven steps and their undos, written without a thought for failures in between. */
export const naiveActivities = (db: Database, providerOf: ProviderOf) => ({
  async createOrder(checkoutId: string, { items }: CheckoutRequest): Promise<{ orderId: string; total: number }> {
    const { rows } = await db.query<{ id: bigint; total: bigint }>(
      `insert into naive.orders (checkout_id, total)
       select $1, sum(item.quantity * unit_minor)
         from jsonb_to_recordset($2::jsonb) as item (sku text, quantity int)
         join products using (sku)
       returning id, total`,
      [checkoutId, JSON.stringify(items)],
    );
    const [row] = rows;
    if (!row) throw new Error('Nothing was inserted');
    return { orderId: String(row.id), total: Number(row.total) };
  },
  async cancelOrder(orderId: string): Promise<void> {
    await db.query(`update naive.orders set cancelled_at = now() where id = $1`, [orderId]);
  },

  async authorizePayment(checkoutId: string, total: number, token: string): Promise<string> {
    const key = callOf(checkoutId, 'payment-authorized');
    await (
      await providerOf('payments', ANY_ORDER)
    ).authorize({ key, amount: { minor: BigInt(total), currency: CURRENCY }, token });
    return key;
  },
  voidPayment: async (key: string): Promise<void> => (await providerOf('payments', ANY_ORDER)).void({ key }),

  async reserveStock(orderId: string, items: Items): Promise<void> {
    await db.query(
      `insert into naive.reservations select $1, sku, quantity from jsonb_to_recordset($2::jsonb) as item (sku text, quantity int)`,
      [orderId, JSON.stringify(items)],
    );
  },
  async releaseStock(orderId: string): Promise<void> {
    await db.query(`update naive.reservations set released_at = now() where order_id = $1`, [orderId]);
  },

  async triggerFulfillment(checkoutId: string, { items, shippingAddress }: CheckoutRequest): Promise<string> {
    const key = callOf(checkoutId, 'fulfillment-triggered');
    await (await providerOf('warehouse', ANY_ORDER)).trigger({ key, lines: items, address: shippingAddress });
    return key;
  },
  cancelFulfillment: async (key: string): Promise<void> => (await providerOf('warehouse', ANY_ORDER)).cancel({ key }),

  async sendNotification(checkoutId: string, to: string, minor: number): Promise<string> {
    const key = callOf(checkoutId, 'notification-sent');
    const letter = { key, to, orderId: checkoutId, name: '', lines: [] };
    const total = { minor: BigInt(minor), currency: CURRENCY };
    await (await providerOf('mail', ANY_ORDER)).sendConfirmation({ ...letter, total });
    return key;
  },
  sendCancellation: async (key: string, orderId: string, to: string): Promise<void> =>
    (await providerOf('mail', ANY_ORDER)).sendCancellation({ key, to, orderId }),

  async awardLoyalty(orderId: string, total: number): Promise<void> {
    await db.query(`insert into naive.points values ($1, $2)`, [orderId, Math.floor(total / CENTS)]);
  },
  async revokeLoyalty(orderId: string): Promise<void> {
    await db.query(`update naive.points set revoked_at = now() where order_id = $1`, [orderId]);
  },

  async generateLabel(checkoutId: string, { items, shippingAddress }: CheckoutRequest): Promise<void> {
    const key = callOf(checkoutId, 'label-generated');
    const parcel = { key, orderId: checkoutId, address: shippingAddress, lines: items };
    await (
      await providerOf('carrier', ANY_ORDER)
    ).generateLabel({ ...parcel, value: { minor: 0n, currency: CURRENCY } });
  },
});
