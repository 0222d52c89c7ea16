import { SANDBOX_CATALOG } from '../../src/postgres/seed-sandbox-catalog';

/** Its price is no binary fraction: multiplying 19.99 loses a cent. The sandbox's own prices are all whole. */
const ODDLY_PRICED = { sku: 'PEN', name: 'Pen', unitMinor: 1_999, initial: 1_000_000 };

export const CATALOG = [...SANDBOX_CATALOG, ODDLY_PRICED];
