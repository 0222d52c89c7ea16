import type { Choices, OrderRef, Role } from '../ports/providers';
import type { Queryable } from '../postgres/database';

/** Null if the order is older than choices are. */
export async function storedChoices(db: Queryable, { checkoutId }: OrderRef): Promise<Choices | null> {
  const { rows } = await db.query<{ providers: Choices | null }>(`select providers from checkouts where id = $1`, [
    checkoutId,
  ]);
  return rows[0]?.providers ?? null;
}

/** Stores a choice unless there is one, and returns the one that counts: two attempts at once may come with different ones. */
export async function keepChoice(db: Queryable, order: OrderRef, role: Role, choice: string): Promise<string> {
  const { rows } = await db.query<{ kept: string }>(
    `update checkouts
        set providers = jsonb_build_object($2::text, $3::text) || coalesce(providers, '{}')
      where id = $1
     returning providers ->> $2 as kept`,
    [order.checkoutId, role, choice],
  );
  return rows[0]?.kept ?? choice;
}
