import type { Queryable } from '../../postgres/database';

const PAGE = 5_000;

/** All rows of a query, page by page. The query takes the last id read as $1 and the page size as $2, and orders by id. */
export const pagesOf = <Row extends { readonly checkoutId: string }>(
  db: Queryable,
  query: string,
): AsyncGenerator<Row> =>
  pagesAfter<{ readonly checkoutId: string }, Row>(db, { checkoutId: '' }, ({ checkoutId }, size) => ({
    query,
    values: [checkoutId, size],
  }));

/** The same for rows ordered by more than an id: `next` gives the query for the page after the last row read. */
export async function* pagesAfter<Place extends object, Row extends Place>(
  db: Queryable,
  first: Place,
  next: (after: Place, size: number) => { readonly query: string; readonly values: readonly unknown[] },
): AsyncGenerator<Row> {
  let after = first;
  for (;;) {
    const { query, values } = next(after, PAGE);
    const { rows } = await db.query<Row>(query, values);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
}
