import { providerKey } from '../../ports/provider-key';
import type { OrderRef, ProviderOf } from '../../ports/providers';
import { DELIVERED } from '../sink';
import type { Outcome } from '../sink';

/**
 * Tells an inventory that is called that the goods have left with their label; ours has known since the label's transaction. Never throws: an
 * inventory that is away holds up its own orders, and no capture of another.
 */
export async function commitGoods(providerOf: ProviderOf, order: OrderRef): Promise<Outcome> {
  try {
    const inventory = await providerOf('inventory', order);
    await inventory.commit({ key: providerKey(order.checkoutId, 'stock-reserved') });
    return DELIVERED;
  } catch (error) {
    return {
      status: 'failed',
      reason: `The goods are not taken off the stock: ${(error as Error).message}`,
      retry: true,
    };
  }
}
