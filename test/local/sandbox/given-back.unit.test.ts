import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir, sandboxClient } from '../../support/sandbox';

const money = { amount: 3000, currency: 'USD' };

/** A processor that has captured a payment. */
async function setup() {
  const { post } = sandboxClient(buildSandbox({ dataDir: aDataDir() }));
  const call = (verb: string, body: object) => post(`/provider/v1/payments/${verb}`, 'chk_1:payment-authorized', body);
  await call('authorize', { ...money, token: 'tok_visa' });
  await call('capture', money);
  return {
    void: () => call('void', {}),
    refund: (refund: string, amount: number) => call('refund', { refund, amount, currency: 'USD' }),
  };
}

test('a void gives back what is left of captured money, once, and nothing is refunded after it', async () => {
  const payments = await setup();
  await payments.refund('ref_1', 1000);

  const voided = await payments.void();
  const again = await payments.void();
  const late = await payments.refund('ref_2', 1);

  expect(voided.body).toMatchObject({ outcome: 'refunded', amount: 2000 });
  expect(again).toEqual(voided);
  expect(late.body).toEqual({ outcome: 'rejected', reason: 'voided' });
});

test('a void of money that was all given back finds nothing to do', async () => {
  const payments = await setup();
  await payments.refund('ref_1', 3000);

  const voided = await payments.void();

  expect(voided.body).toEqual({ outcome: 'closed' });
});
