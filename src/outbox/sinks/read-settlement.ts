import { FULFILLMENT_CASE } from '../../domain/attention-kind';
import type { Money } from '../../domain/money';
import type { Step } from '../../domain/steps';
import type { Choices } from '../../ports/providers';
import type { Queryable } from '../../postgres/database';

/** The step whose key `commit` has. */
export const GOODS_STEP: Step = 'stock-reserved';
const WAREHOUSE_STEP: Step = 'fulfillment-triggered';

/** What there is to settle of an order that has its label. */
export interface Settlement {
  readonly amount: Money;
  readonly voided: boolean;
  readonly captured: boolean;
  readonly providers: Choices | null;
  /** The warehouse refused after it had accepted: nobody knows yet whether the goods go out. */
  readonly held: boolean;
  readonly goods: {
    /** Operators were called because the inventory could not be told. */
    readonly caseOpen: boolean;
    /** An operator has taken the goods off the stock. */
    readonly settledByHand: boolean;
  };
}

type Row = Money & Pick<Settlement, 'voided' | 'captured' | 'providers'> & { open: Step[]; settledByHand: boolean };

/** Undefined if the order has no payment. */
export async function readSettlement(db: Queryable, checkoutId: string): Promise<Settlement | undefined> {
  const { rows } = await db.query<Row>(
    `select amount_minor as minor, currency, voided_at is not null as voided, captured_at is not null as captured, providers,
            array(select step
                    from attention
                   where attention.checkout_id = $1
                     and kind = '${FULFILLMENT_CASE}'
                     and cleared_at is null) as open,
            exists(select
                     from repairs
                    where repairs.checkout_id = $1
                      and step = '${GOODS_STEP}'
                      and kind = '${FULFILLMENT_CASE}'
                      and action = 'resolve') as "settledByHand"
       from payments
       join checkouts on checkouts.id = checkout_id
      where checkout_id = $1`,
    [checkoutId],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { minor, currency, open, settledByHand, ...rest } = row;
  return {
    ...rest,
    amount: { minor, currency },
    held: open.includes(WAREHOUSE_STEP),
    goods: { caseOpen: open.includes(GOODS_STEP), settledByHand },
  };
}
