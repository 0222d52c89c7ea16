import type { Inventory } from '../../ports/inventory';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

/** `Inventory` over the HTTP provider protocol. */
export function httpInventory(settings: HttpSettings, surroundings?: HttpSurroundings): Inventory {
  const client = new ProviderClient('inventory', settings, surroundings);
  return {
    async reserve({ key, lines }) {
      const asked = lines.map(({ sku, quantity }) => ({ sku, quantity }));
      const answer = await client.call('reserve', key, { lines: asked });
      // They are shown to the customer.
      if (answer.outcome === 'out-of-stock' && !answer.skus.every((sku) => asked.some((line) => line.sku === sku)))
        throw client.unusable('reserve', 'unusable-answer', 'it names goods that were not asked for');
      return answer;
    },
    find: ({ key }) => client.call('find', key, {}),
    async release({ key }) {
      const { outcome } = await client.call('release', key, {});
      if (outcome === 'rejected') throw client.unusable('release', 'unusable-answer', 'the goods were sold');
    },
    async commit({ key }) {
      const { outcome } = await client.call('commit', key, {});
      if (outcome === 'rejected')
        throw client.unusable('commit', 'unusable-answer', 'nothing is set aside under this key');
    },
  };
}
