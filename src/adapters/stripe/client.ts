import type Stripe from 'stripe';
import { stripeLibrary } from './library';
import { onlyAnswers } from './only-answers';
import type { StripeSettings } from './settings';

/** What the answers are read as. A new version of the library does not compile with another one, so the change is a decision. */
const API_VERSION = '2026-10-28.endive';
const STRIPE = 'https://api.stripe.com';

/** A connected account, and no name of our own. */
const CONNECTED = /^acct_/;

/** The library, without what it does by itself: repeat requests, and tell Stripe about them. */
export function stripeClient({ secretKey, account = '', url = STRIPE }: StripeSettings): Stripe {
  const Library = stripeLibrary();
  const { protocol, hostname: host, port } = new URL(url);
  const isEncrypted = protocol === 'https:';
  return new Library(secretKey, {
    ...{ apiVersion: API_VERSION, maxNetworkRetries: 0, telemetry: false },
    ...{ host, port: port || (isEncrypted ? '443' : '80'), protocol: isEncrypted ? 'https' : 'http' },
    // Its other client repeats what a closed connection left unanswered, even if it is to repeat nothing.
    httpClient: Library.createFetchHttpClient(onlyAnswers),
    ...(CONNECTED.test(account) && { stripeAccount: account }),
  });
}
