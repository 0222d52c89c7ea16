import { expect, test } from '@jest/globals';
import type { Carrier } from '../../../src/ports/carrier';
import type { Mailer } from '../../../src/ports/mailer';
import { bench } from '../../../src/tools/provider-kit/bench';
import { GIVEN } from '../../../src/tools/provider-kit/given';
import { otherBody } from '../../../src/tools/provider-kit/rows/keys';
import { tryRow } from '../../../src/tools/suite/try-row';

/** Adapters that look at nothing but the key. */
const mailer: Mailer = {
  sendConfirmation: async ({ key }) => ({ outcome: 'sent', reference: key }),
  sendCancellation: async () => undefined,
  sendRefundNotice: async ({ key, refund }) => ({ outcome: 'sent', reference: `${key}:${refund}` }),
};
const carrier: Carrier = {
  generateLabel: async ({ key }) => ({ outcome: 'generated', reference: key, trackingNumber: key }),
  voidLabel: async () => undefined,
};

test('an adapter that answers a mail to somebody else, or a label for another address, as it did the first fails the try', async () => {
  const reports = [
    await tryRow(otherBody, bench('mail', mailer, { given: GIVEN })),
    await tryRow(otherBody, bench('carrier', carrier, { given: GIVEN })),
  ];

  expect(reports.map(({ result, detail }) => [result, detail.replace(/ chk_.*/, '')])).toEqual([
    ['fail', 'refused, and the first one stays: expected a fault, got sent'],
    ['fail', 'refused, and the first one stays: expected a fault, got generated'],
  ]);
});
