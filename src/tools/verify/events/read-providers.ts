import type { Queryable } from '../../../postgres/database';
import type { OrderProviders, SettlementEvidence } from './check-settlement';

/** Of each order, even one without a checkout, which is then judged like an older one. */
export const providersIn =
  (db: Queryable): SettlementEvidence['providersOf'] =>
  async (checkoutIds) => {
    const { rows } = await db.query<OrderProviders>(
      `select id as "checkoutId", providers from unnest($1::text[]) id left join checkouts using (id)`,
      [checkoutIds],
    );
    return rows;
  };
