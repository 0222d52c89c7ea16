import type { Loyalty } from '../../ports/loyalty';
import { inMinorUnits } from './in-minor-units';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

/** `Loyalty` over the HTTP provider protocol. */
export function httpLoyalty(settings: HttpSettings, surroundings?: HttpSurroundings): Loyalty {
  const client = new ProviderClient('loyalty', settings, surroundings);
  return {
    award: ({ key, total, ...request }) => client.call('award', key, { ...request, total: inMinorUnits(total) }),
    revoke: async ({ key }) => void (await client.call('revoke', key, {})),
  };
}
