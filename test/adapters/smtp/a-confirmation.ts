import type { Mailer } from '../../../src/ports/mailer';
import { aKey } from '../../support/builders';

type Confirmation = Parameters<Mailer['sendConfirmation']>[0];

export const aConfirmation = (overrides: Partial<Confirmation> = {}): Confirmation => ({
  key: `${aKey()}:notification-sent`,
  ...{ to: 'ada@example.com', orderId: 'chk_1', name: 'Ada Lovelace', total: { minor: 3000n, currency: 'USD' } },
  lines: [{ sku: 'MUG-BLUE', quantity: 2 }],
  ...overrides,
});
