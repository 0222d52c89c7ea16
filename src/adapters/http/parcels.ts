import type { Parcel } from '../../ports/warehouse';

/** The lines with what a provider may know of them. */
export const parcels = (lines: readonly Parcel[]): Parcel[] =>
  lines.map(({ sku, quantity, name, weightGrams }) => ({
    ...{ sku, quantity },
    ...(name !== undefined && { name }),
    ...(weightGrams !== undefined && { weightGrams }),
  }));
