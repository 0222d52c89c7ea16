import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ProviderOf } from '../src/ports/providers';
import type { Database } from '../src/postgres/database';
import { alreadyUndone } from './ledger-row';
import { announcedLines } from './order-facts';
import { refuse } from './refuse';
import { once, undoOnce } from './step-ledger';
import { stepStatement } from './step-statement';

const STEP = { name: 'stock-reserved', statement: stepStatement({}) } as const;

type StockActivities = Pick<CheckoutActivities, 'reserveStock' | 'releaseStock'>;

export const stockActivities = (db: Database, providerOf: ProviderOf): StockActivities => ({
  reserveStock: (order) =>
    once(db, order, STEP, async (facts) => {
      const { checkoutId } = order;
      const { lines } = facts;
      const inventory = await providerOf('inventory', { ...order, ...facts });
      const answer = await inventory.reserve({ key: providerKey(checkoutId, STEP.name), lines: announcedLines(lines) });
      if (answer.outcome === 'out-of-stock') throw outOfStock(answer.skus);
      if (answer.outcome === 'blocked') throw alreadyUndone(checkoutId, STEP.name);

      const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
      return {
        result: { units },
        events: [{ type: 'stock.reserved', data: { lines: announcedLines(lines) } }],
        own: inventory.own?.reserve,
        unlessRefused: async (tx) => {
          const missing = (await inventory.own?.missing(tx, checkoutId)) ?? [];
          if (missing.length > 0) throw outOfStock(missing);
        },
      };
    }),

  async releaseStock(order) {
    const { checkoutId } = order;
    const inventory = await providerOf('inventory', order);
    if (!order.byHand) await inventory.release({ key: providerKey(checkoutId, STEP.name) });
    await db.transaction((tx) =>
      undoOnce(tx, order, STEP.name, async ({ lines }) => {
        await inventory.own?.release(tx, checkoutId);
        return [{ type: 'stock.released', data: { lines: announcedLines(lines) } }];
      }),
    );
  },
});

const outOfStock = (skus: readonly string[]) => refuse('OutOfStock', `Not enough in stock: ${skus.join(', ')}.`);
