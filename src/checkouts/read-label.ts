import type { Queryable } from '../postgres/database';

export interface StoredLabel {
  readonly format: 'pdf' | 'png' | 'zpl';
  readonly bytes: Buffer;
}

/** The label of a tenant's checkout (of any tenant's for `*`), if its carrier has handed one out. */
export async function readLabel(db: Queryable, tenant: string, checkoutId: string): Promise<StoredLabel | undefined> {
  const { rows } = await db.query<StoredLabel>(
    `select label.format, label.bytes
       from label_documents label
       join checkouts checkout on checkout.id = label.checkout_id
      where checkout.id = $1
        and $2 in (checkout.tenant, '*')`,
    [checkoutId, tenant],
  );
  return rows[0];
}
