import type { Ports, ProviderOf } from '../../src/ports/providers';

/** The same providers, but for some ports. */
export const replacing =
  (providerOf: ProviderOf, replaced: Partial<Ports>): ProviderOf =>
  async (role, order) =>
    replaced[role] ?? providerOf(role, order);
