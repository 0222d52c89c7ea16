import { expect, jest, test } from '@jest/globals';
import { StripeSettingsSchema } from '../../../src/adapters/stripe/settings';
import { checked } from '../../../src/providers/checked';

const SETTINGS = { secretKey: 'sk_live_1', webhookSecret: 'whsec_1' };

function mistakesOf(settings: object): string[] {
  const mistakes: string[] = [];
  checked(StripeSettingsSchema, settings, 'default.payments', mistakes);
  return mistakes;
}

test.each([
  SETTINGS,
  {
    ...SETTINGS,
    secretKey: 'rk_test_1',
    account: 'acct_1',
    returnUrl: 'https://shop.example/o/{checkoutId}?from=bank',
  },
  { ...SETTINGS, url: 'http://127.0.0.1:12111' },
  { ...SETTINGS, url: 'https://egress.example:8443/' },
])('%j can be used', (settings) => {
  expect(mistakesOf(settings)).toEqual([]);
});

test.each([
  [{ webhookSecret: 'whsec_1' }, 'secretKey'],
  [{ ...SETTINGS, secretKey: 'pk_live_1' }, 'secretKey'],
  [{ ...SETTINGS, webhookSecret: 'sk_live_1' }, 'webhookSecret'],
  // Keys and card tokens would travel unencrypted.
  [{ ...SETTINGS, url: 'http://egress.example' }, 'url'],
  [{ ...SETTINGS, url: 'http://127.0.0.1.evil.example' }, 'url'],
  [{ ...SETTINGS, url: 'https://egress.example/stripe' }, 'url'],
  [{ ...SETTINGS, returnUrl: 'javascript:alert(1)' }, 'returnUrl'],
  // Customers would come back to a page that does not exist.
  [{ ...SETTINGS, returnUrl: 'https://shop.example/o/{checkoutID}' }, 'returnUrl'],
  [{ ...SETTINGS, returnUrl: 'https://shop.example/o/{checkoutId' }, 'returnUrl'],
])('%j is refused at %s, without its value', (settings, place) => {
  const mistakes = mistakesOf(settings);

  expect(mistakes).toEqual([expect.stringMatching(`^default\\.payments\\.${place}: `)]);
  expect(mistakes.join()).not.toMatch(/_live_|_test_|evil/);
});

test('without the library, the adapter says how to install it', () => {
  jest.isolateModules(() => {
    jest.doMock('stripe', () => {
      throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    });
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- of this registry of modules
    const { stripeClient } = require('../../../src/adapters/stripe/client') as {
      stripeClient: (settings: object) => unknown;
    };

    expect(() => stripeClient(SETTINGS)).toThrow('npm install stripe@23');
  });
});
