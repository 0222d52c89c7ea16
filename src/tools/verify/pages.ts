import type { Queryable } from '../../postgres/database';

const PAGE = 5_000;

/** All rows of a query, a page at a time: it takes the last id that was read as $1 and the size of a page as $2, and orders by that id. */
export const pagesOf = <Row extends { readonly checkoutId: string }>(
  db: Queryable,
  query: string,
): AsyncGenerator<Row> =>
  pagesAfter<{ readonly checkoutId: string }, Row>(db, { checkoutId: '' }, ({ checkoutId }, size) => ({
    query,
    values: [checkoutId, size],
  }));

/** The same where rows are ordered by more than an id: `next` asks for so many of those behind the last one that was read. */
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
