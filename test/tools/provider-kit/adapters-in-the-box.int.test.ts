import { rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADAPTERS } from '../../../src/providers/adapters';
import { KIT_ROLES } from '../../../src/tools/provider-kit/calls-of';
import type { KitRole } from '../../../src/tools/provider-kit/calls-of';
import { describeWith } from '../../support/describe-with';
import { listeningSandbox } from '../../support/sandbox';
import { StripeFake } from '../../support/stripe/stripe-fake';
import { missingForSmtp, startSmtpServer } from '../../support/smtp-server';
import { createTestDatabase } from '../../support/template-database';
import { failedIn, kit, TAKES_NO_TIME, TOKENS, UNOBSERVED_IN_PROCESS, unobservedIn } from './kit';

const SECRET = 'whsec_YWRhcHRlcnMtaW4tdGhlLWJveC1hZGFwdGVycw==';
const FROM = { name: 'Shop', line1: '1 Dock Rd', city: 'London', postalCode: 'E16 2QU', country: 'GB' };

const database = createTestDatabase();
const sandbox = listeningSandbox({ secret: SECRET });
const stripe = StripeFake.start();
const folder = mkdtemp(join(tmpdir(), 'providers '));
beforeAll(async () => {
  process.env['DATABASE_URL'] = (await database).url;
  process.env['PROVIDER_SECRET'] = SECRET;
  process.env['STRIPE_KEY'] = (await stripe).secretKey;
});
afterAll(async () => {
  await (await sandbox).app.close();
  await (await stripe).close();
  await (await database).drop();
  await rm(await folder, { recursive: true, force: true });
});

/** What `PROVIDERS_FILE` says of each adapter, in any role; `smtp` has a server of its own. */
const SETTINGS: Readonly<Record<string, () => Promise<object>>> = {
  sandbox: async () => ({ url: (await sandbox).baseUrl, secret: { env: 'PROVIDER_SECRET' } }),
  http: async () => ({ url: (await sandbox).baseUrl, secret: { env: 'PROVIDER_SECRET' } }),
  stripe: async () => ({
    ...{ secretKey: { env: 'STRIPE_KEY' }, webhookSecret: { env: 'PROVIDER_SECRET' }, url: (await stripe).url },
    returnUrl: 'https://shop.example/back',
  }),
  'own-label': async () => ({ from: FROM }),
  postgres: async () => ({}),
};

/** Stripe knows only its own cards, of which none is decided after a while by itself. */
const TOKENS_OF_STRIPE = [
  ...['--token', 'pm_card_visa', '--declined-token', 'pm_card_visa_chargeDeclined'],
  ...['--customer-token', 'pm_card_threeDSecure2Required', '--approve-suffix', 'approve'],
];

/** Tries that an adapter cannot have, with the reason that the kit gives. */
function untriedOf(role: KitRole, adapter: string): object {
  if (adapter === 'postgres')
    return { 'every try': 'it writes in the transaction of its step, whose ledger keeps the keys' };
  const hasFind = adapter !== 'own-label' && role !== 'mail' && role !== 'loyalty';
  return {
    ...(hasFind ? {} : { 'unknown key': 'the port has no find' }),
    ...(adapter === 'stripe' ? { 'pending payment': TAKES_NO_TIME } : {}),
    ...UNOBSERVED_IN_PROCESS,
  };
}

async function tried(role: KitRole, adapter: string, settings: object | undefined) {
  const file = join(await folder, `${role}-${adapter}.json`);
  await writeFile(file, JSON.stringify({ default: { [role]: { adapter, ...settings } } }));
  const tokens = adapter === 'stripe' ? TOKENS_OF_STRIPE : TOKENS;
  const { code, stdout } = await kit('--providers', file, '--role', role, ...tokens, '--json');
  return { code, failed: failedIn(stdout), unobserved: unobservedIn(stdout) };
}

const IN_THE_BOX = KIT_ROLES.flatMap((role) => Object.keys(ADAPTERS[role]).map((adapter) => ({ role, adapter })));

test.each(IN_THE_BOX.filter(({ adapter }) => adapter !== 'smtp'))(
  '$adapter passes the provider kit for $role, and what it cannot have is not called passed',
  async ({ role, adapter }) => {
    const told = await tried(role, adapter, await SETTINGS[adapter]?.());

    expect(told).toEqual({ code: 0, failed: {}, unobserved: untriedOf(role, adapter) });
  },
);

describeWith(missingForSmtp(), 'smtp with a mail server', () => {
  test('smtp passes the provider kit for mail, and mails with the same Message-ID are the same mail', async () => {
    const server = await startSmtpServer();
    const settings = { host: '127.0.0.1', port: server.port, secure: false, from: 'orders@shop.example' };

    const told = await tried('mail', 'smtp', settings);
    const mails = server.mails();
    await server.stop();

    expect(told).toEqual({ code: 0, failed: {}, unobserved: untriedOf('mail', 'smtp') });
    const contentOf = new Map(mails.map(({ headers, to, text }) => [headers['message-id'], { to, text }]));
    expect(contentOf.size).toBeGreaterThan(0);
    for (const { headers, to, text } of mails) expect({ to, text }).toEqual(contentOf.get(headers['message-id']));
  });
});
