import type { Queryable } from '../postgres/database';

const PAGE = 5_000;

/** All rows of a query, a page at a time: it takes the last id that was read as $1 and the size of a page as $2, and orders by that id. */
export async function* pagesOf<Row extends { readonly checkoutId: string }>(
  db: Queryable,
  query: string,
): AsyncGenerator<Row> {
  let after = '';
  for (;;) {
    const { rows } = await db.query<Row>(query, [after, PAGE]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.checkoutId;
  }
}
