import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { describeWith } from '../../support/describe-with';
import { missingForLocalstripe } from '../../support/stripe/localstripe';
import { startModernLocalstripe } from '../../support/stripe/modern-localstripe';
import { createTestDatabase } from '../../support/template-database';
import { ASKS_NOBODY, failedIn, kit, TAKES_NO_TIME, UNOBSERVED_IN_PROCESS, unobservedIn } from './kit';

const database = createTestDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'localstripe '));
afterAll(async () => {
  await (await database).drop();
  rmSync(folder, { recursive: true, force: true });
});

describeWith(missingForLocalstripe(), 'the provider kit on localstripe', () => {
  test('stripe passes all tries but the one of refunds, which localstripe gives twice under one key and without limit', async () => {
    const localstripe = await startModernLocalstripe();
    Object.assign(process.env, {
      DATABASE_URL: (await database).url,
      LOCALSTRIPE_KEY: 'sk_test_local',
      LOCALSTRIPE_WEBHOOKS: 'whsec_local',
    });
    const file = path.join(folder, 'providers.json');
    const [secretKey, webhookSecret] = [{ env: 'LOCALSTRIPE_KEY' }, { env: 'LOCALSTRIPE_WEBHOOKS' }];
    const payments = { adapter: 'stripe', secretKey, webhookSecret, url: localstripe.url };
    writeFileSync(file, JSON.stringify({ default: { payments } }));

    const { stdout } = await kit(
      ...['--providers', file, '--role', 'payments', '--json'],
      ...['--token', 'pm_card_visa', '--declined-token', 'pm_card_chargeCustomerFail'],
    );
    await localstripe.close();

    expect(Object.keys(failedIn(stdout))).toEqual(['refund']);
    expect(unobservedIn(stdout)).toEqual({
      ...UNOBSERVED_IN_PROCESS,
      'customer is asked': ASKS_NOBODY,
      'undo while the customer is asked': ASKS_NOBODY,
      'pending payment': TAKES_NO_TIME,
    });
  });
});
