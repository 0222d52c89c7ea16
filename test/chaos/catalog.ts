import { SANDBOX_CATALOG } from '../../src/postgres/seed-sandbox-catalog';

/** At a price that no binary fraction is: whoever multiplies it as 19.99 is a cent short. The sandbox's own prices are all whole. */
const ODDLY_PRICED = { sku: 'PEN', name: 'Pen', unitMinor: 1_999, initial: 1_000_000 };

export const CATALOG = [...SANDBOX_CATALOG, ODDLY_PRICED];
