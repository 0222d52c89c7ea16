import { add, times } from '../../domain/money';
import type { Pricing, QuotedLine } from '../../ports/pricing';
import type { Queryable } from '../../postgres/database';

type Priced = QuotedLine & { readonly offered: string | null };

/** The prices of our own catalog as they are now, without tax and shipping. */
export const catalogPricing = (db: Queryable): Pricing => ({
  async quote({ items, currency }) {
    const { rows } = await db.query<Priced>(
      `select item.sku, sum(item.quantity)::int as quantity, product.name, product.unit_minor as "unitMinor",
              product.currency as offered
         from jsonb_to_recordset($1::jsonb) as item (sku text, quantity int)
         left join products product on product.sku = item.sku
        group by item.sku, product.sku
        order by item.sku`,
      [JSON.stringify(items)],
    );
    for (const { sku, offered } of rows) {
      if (offered === null) return { outcome: 'unknown-sku', sku };
      if (offered !== currency) return { outcome: 'other-currency', sku, offered };
    }
    const total = rows
      .map(({ unitMinor, quantity }) => times({ minor: unitMinor, currency }, quantity))
      .reduce(add, { minor: 0n, currency });
    return { outcome: 'quoted', lines: rows.map(({ offered: _, ...line }) => line), total };
  },
});
