import { afterAll } from '@jest/globals';
import { create } from '../../../src/adapters/stripe/create';
import type { StripeSettings } from '../../../src/adapters/stripe/settings';
import { keyMemoryIn } from '../../../src/adapters/key-memory';
import type { KeyMemory } from '../../../src/ports/key-memory';
import { providerKey } from '../../../src/ports/provider-key';
import { openDatabase } from '../../../src/postgres/database';
import { aKey } from '../../support/builders';
import { StripeFake } from '../../support/stripe/stripe-fake';
import type { FakeSettings } from '../../support/stripe/stripe-fake';
import { createTestDatabase } from '../../support/template-database';

const database = createTestDatabase();
const opened = database.then(({ url }) => openDatabase(url, { connections: 4, onIdleError: () => undefined }));
const fakes: StripeFake[] = [];
afterAll(async () => {
  await Promise.all(fakes.map((fake) => fake.close()));
  await (await opened).close();
  await (await database).drop();
});

const RETURN_URL = 'https://shop.example/orders/{checkoutId}';

/** The adapter, with a Stripe of its own and keys in Postgres. */
export async function stripeWorld(
  settings: Partial<StripeSettings> = { returnUrl: RETURN_URL },
  about: FakeSettings = {},
) {
  const fake = await StripeFake.start(about);
  fakes.push(fake);
  const keys = keyMemoryIn(await opened, 'payments');
  const key = providerKey(aKey(), 'payment-authorized');
  const open = (memory: KeyMemory = keys) =>
    create(
      {
        ...{ secretKey: fake.secretKey, webhookSecret: 'whsec_fake', url: fake.url },
        ...settings,
      },
      memory,
    );
  return {
    fake,
    keys,
    /** As another process has it, or one whose memory fails. */
    open,
    payments: open(),
    key,
    ...{ visa: { key, amount: TEN, token: 'pm_card_visa' }, paid: { key, amount: TEN } },
    /** What became of the money of the key. */
    money: () => fake.ledger({ checkout_key: key }),
    /** The requests that Stripe answered, in order. */
    asked: () => fake.served.map(({ endpoint }) => endpoint),
  };
}

export const TEN = { minor: 1_000n, currency: 'EUR' };
export const DAY_MS = 24 * 60 * 60 * 1_000;
