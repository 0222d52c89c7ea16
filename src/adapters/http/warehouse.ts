import type { Warehouse } from '../../ports/warehouse';
import { parcels } from './parcels';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

/** `Warehouse` over the HTTP provider protocol. */
export function httpWarehouse(settings: HttpSettings, surroundings?: HttpSurroundings): Warehouse {
  const client = new ProviderClient('warehouse', settings, surroundings);
  return {
    trigger: ({ key, lines, ...request }) => client.call('trigger', key, { lines: parcels(lines), ...request }),
    find: ({ key }) => client.call('find', key, {}),
    cancel: async ({ key }) => void (await client.call('cancel', key, {})),
  };
}
