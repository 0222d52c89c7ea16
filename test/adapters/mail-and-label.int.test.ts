import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { checkoutActivities } from '../../activities';
import { openProviders } from '../../src/providers/open-providers';
import type { Providers } from '../../src/providers/open-providers';
import { accepted, checkoutWorld, stepsBefore, unwinding } from '../support/checkout-world';
import type { CheckoutWorld } from '../support/checkout-world';
import { describeWith } from '../support/describe-with';
import { missingForSmtp, startSmtpServer } from '../support/smtp-server';
import type { SmtpServer } from '../support/smtp-server';

const FROM = { name: 'Shop', line1: '1 Dock Rd', city: 'London', postalCode: 'E16 2QU', country: 'GB' };
const [NOTIFICATION, LABEL] = [4, 6];

describeWith(missingForSmtp(), 'smtp and own-label in PROVIDERS_FILE', () => {
  let world: CheckoutWorld;
  let server: SmtpServer;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'providers-'));
  const opened: Providers[] = [];
  beforeAll(async () => {
    world = await checkoutWorld();
    server = await startSmtpServer({ login: { user: 'shop', password: 'correct horse' } });
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
    await server.stop();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const mail = () => ({
    ...{ adapter: 'smtp', host: '127.0.0.1', port: server.port, secure: false, from: 'orders@shop.example' },
    ...{ user: 'shop', password: { env: 'SMTP_PASSWORD' }, locale: 'de' },
  });

  async function open(roles: object): Promise<Providers> {
    const file = path.join(folder, 'providers.json');
    writeFileSync(file, JSON.stringify({ default: roles }));
    const providers = await openProviders({
      ...{ file, sandbox: { url: world.sandboxUrl }, db: world.db, logger: pino({ level: 'silent' }) },
      environment: { SMTP_PASSWORD: 'correct horse' },
      calls: { guarded: (port) => port },
    });
    opened.push(providers);
    return providers;
  }

  test('an order gets its mail and its label from them', async () => {
    const providers = await open({ mail: mail(), carrier: { adapter: 'own-label', from: FROM } });
    const activities = checkoutActivities({ db: world.db, ...providers });
    const order = await accepted(world.db);

    await stepsBefore(activities, order, LABEL);
    const { trackingNumber } = await activities.generateLabel(order);

    const [letter] = server.mails();
    expect(letter?.headers['subject']).toBe(`Ihre Bestellung ${order.checkoutId}`);
    const { rows } = await world.db.query<{ bytes: Buffer }>(
      `select bytes from label_documents join shipping_labels using (checkout_id) where tracking_number = $1`,
      [trackingNumber],
    );
    expect(rows[0]?.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('an order that is undone before its confirmation sends no mail', async () => {
    const activities = checkoutActivities({ db: world.db, ...(await open({ mail: mail() })) });
    const order = await accepted(world.db);
    await stepsBefore(activities, order, NOTIFICATION);
    const before = server.mails().length;

    await activities.sendCancellation(unwinding(order));

    expect(server.mails()).toHaveLength(before);
  });

  test.each([
    [
      'a password in plain text',
      () => ({ mail: { ...mail(), password: 'canary' } }),
      'default.mail.password: a secret',
    ],
    [
      'a sender that is two',
      () => ({ mail: { ...mail(), from: 'a@b.example, c@d.example' } }),
      'must be one mail address',
    ],
    [
      'a locale that has no templates',
      () => ({ mail: { ...mail(), locale: 'fr' } }),
      'there is no locale fr; there are de, en in ',
    ],
    [
      'templates at a relative path',
      () => ({ mail: { ...mail(), templates: 'mine' } }),
      'default.mail.templates: must be the',
    ],
    ['no sender of labels', () => ({ mail: mail(), carrier: { adapter: 'own-label' } }), 'default.carrier.from: '],
    [
      'a font that is missing',
      () => ({ mail: mail(), carrier: { adapter: 'own-label', from: FROM, fonts: ['/no'] } }),
      '/no',
    ],
  ])('%s stops the start with a sentence', async (_what, roles, sentence) => {
    const refused: unknown = await open(roles()).catch((error: unknown) => error);

    expect(String(refused)).toContain(sentence);
    expect(String(refused)).not.toContain('canary');
  });
});
