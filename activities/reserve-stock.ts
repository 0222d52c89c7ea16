import type { CheckoutActivities } from '../src/contract/activities';
import { providerKey } from '../src/ports/provider-key';
import type { ActivityPorts } from './activity-ports';
import { alreadyUndone } from './ledger-row';
import { announcedLines } from './order-facts';
import { refuse } from './refuse';
import { once } from './step-ledger';
import { stepStatement } from './step-statement';
import { undoOnce } from './undo-once';

const STEP = { name: 'stock-reserved', statement: stepStatement({}) } as const;

type StockActivities = Pick<CheckoutActivities, 'reserveStock' | 'releaseStock'>;

export const stockActivities = ({ db, providerOf }: ActivityPorts): StockActivities => ({
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
    const inventory = await providerOf('inventory', order);
    await undoOnce(db, order, STEP.name, {
      call: (key) => inventory.release({ key }),
      rows: async (tx, { lines }) => {
        await inventory.own?.release(tx, order.checkoutId);
        return [{ type: 'stock.released', data: { lines: announcedLines(lines) } }];
      },
    });
  },
});

const outOfStock = (skus: readonly string[]) => refuse('OutOfStock', `Not enough in stock: ${skus.join(', ')}.`);
