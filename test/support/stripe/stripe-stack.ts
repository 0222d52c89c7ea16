import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CheckoutRequest } from '../../../src/domain/order';
import { aKey, aRequest } from '../builders';
import { OwnStack } from '../own-stack';
import { idIn } from '../running-stack';
import { StripeFake } from './stripe-fake';
import type { StripeEvent } from './shapes';

/** Each tenant's account of the platform. */
export const ACCOUNTS = { acme: 'acct_berlin', globex: 'acct_paris' };
type Tenant = keyof typeof ACCOUNTS;

export const CONNECT_SECRET = 'whsec_of_the_platform';

/** The events that docs/providers.md tells operators to select. */
const SELECTED = ['amount_capturable_updated', 'payment_failed', 'canceled', 'succeeded'];
const isSelected = ({ type }: StripeEvent) => SELECTED.some((name) => type === `payment_intent.${name}`);

/** What `npm start` runs, with payments of both tenants at a fake of Stripe, set up as docs/providers.md says. */
export async function stripeStack(env: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stripe-'));
  const fake = await StripeFake.start({ connected: Object.values(ACCOUNTS) });
  const paymentsOf = (account: string) => ({
    ...{ adapter: 'stripe', account, url: fake.url, returnUrl: 'https://shop.example/orders/{checkoutId}' },
    ...{ secretKey: { env: 'STRIPE_SECRET_KEY' }, webhookSecret: { env: 'STRIPE_CONNECT_WEBHOOK_SECRET' } },
  });
  const tenants = Object.entries(ACCOUNTS).map(
    ([tenant, account]) => [tenant, { payments: paymentsOf(account) }] as const,
  );
  const file = path.join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify({ tenants: Object.fromEntries<object>(tenants) }));
  const stack = await OwnStack.start(undefined, {
    ...{ PROVIDERS_FILE: file, STRIPE_SECRET_KEY: fake.secretKey, STRIPE_CONNECT_WEBHOOK_SECRET: CONNECT_SECRET },
    ...env,
  });
  const webhookUrl = `${stack.file.api}/v1/providers/-/payments/webhook`;
  fake.receive({
    ...{ url: webhookUrl, secret: CONNECT_SECRET, of: 'connect' },
    when: (event) => (isSelected(event) ? [0] : []),
  });

  const about = (id: string) => ({ checkout_key: `${id}:payment-authorized` });
  return {
    ...{ fake, stack, webhookUrl },

    /** Places an order that is paid with a payment method of the fake. */
    async order(token: string, { tenant = 'acme', ...request }: OrderOptions = {}) {
      const key = aKey();
      const body = aRequest({ ...request, payment: { token } });
      const place = (prefer: string) => stack.place(body, { key, apiKey: `sk_sandbox_${tenant}`, headers: { prefer } });
      return { id: idIn(await place('wait=0')), outcome: () => place('wait=30') };
    },

    /** What became of the order's money. */
    money: (id: string) => fake.ledger(about(id)),
    /** Its payments at Stripe: there is never a second one. */
    intents: (id: string) => fake.intents(about(id)),
    /** How often a payment was asked for something. */
    asked: (intent: string, what: string) =>
      fake.served.filter((call) => call.endpoint === what && call.path.includes(intent)).length,

    async close() {
      await stack.stop();
      await fake.close();
      rmSync(folder, { recursive: true });
    },
  };
}

interface OrderOptions extends Partial<CheckoutRequest> {
  readonly tenant?: Tenant;
}

export type StripeStack = Awaited<ReturnType<typeof stripeStack>>;
