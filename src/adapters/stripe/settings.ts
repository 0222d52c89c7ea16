import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { secret } from '../adapter';

/** What `PROVIDERS_FILE` says of an account at Stripe, with secrets in place. */
export const StripeSettingsSchema = Type.Object(
  {
    secretKey: secret({
      pattern: '^(sk|rk)_\\S+$',
      says: 'a secret or restricted key of Stripe, which begins with `sk_` or `rk_`',
    }),
    webhookSecret: secret({ pattern: '^whsec_\\S+$', says: "the signing secret of Stripe's webhook: `whsec_…`" }),
    account: Type.Optional(Type.String({ description: 'A connected account, `acct_…`; or a name of your own' })),
    returnUrl: Type.Optional(
      Type.String({
        // No other braces: a misspelt placeholder would send customers to a page that does not exist.
        pattern: '^https?://[^\\s/?#@{}]+([/?#]([^\\s{}]|\\{checkoutId\\})*)?$',
        says: 'an http or https address without user and password; `{checkoutId}` is all that may be in braces',
        description: 'Where the customer comes back to from the bank. `{checkoutId}` in it is replaced',
      }),
    ),
    url: Type.Optional(
      Type.String({
        pattern: '^(https://[^\\s/?#@]+|http://(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d{1,5})?)/?$',
        says: 'the address of a server without a path: https, or http on this machine',
        description: 'For proxies and tests',
      }),
    ),
  },
  { additionalProperties: false },
);

export type StripeSettings = Static<typeof StripeSettingsSchema>;
