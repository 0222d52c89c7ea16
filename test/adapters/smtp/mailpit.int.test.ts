import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../../support/describe-with';
import { eventually } from '../../support/eventually';
import { MAILPIT_BUILD_MS, missingForMailpit, startMailpit } from '../../support/mailpit';
import { aConfirmation } from './a-confirmation';
import { mailWorld } from './mail-world';
import type { MailWorld } from './mail-world';

describeWith(missingForMailpit(), 'mail in Mailpit', () => {
  let world: MailWorld;
  let mailpit: Awaited<ReturnType<typeof startMailpit>>;
  beforeAll(async () => {
    world = await mailWorld();
    mailpit = await startMailpit();
  }, MAILPIT_BUILD_MS);
  afterAll(async () => {
    await mailpit.stop();
    await world.close();
  });

  test('a mail program shows both parts, in German, and one recipient', async () => {
    const mailer = world.mailerTo(mailpit.port, { locale: 'de', from: 'Müllers Läden <bestellung@shop.example>' });
    const request = aConfirmation({ name: 'Jürgen Groß', lines: [{ sku: 'T', quantity: 2, name: 'Tasse „Blau“ 茶' }] });

    const answer = await mailer.sendConfirmation(request);

    const mail = await eventually(async () => (await mailpit.mails())[0]);
    expect(mail).toMatchObject({
      MessageID: `${request.key.replaceAll(':', '.')}@shop.example`,
      Subject: 'Ihre Bestellung chk_1',
      From: { Name: 'Müllers Läden', Address: 'bestellung@shop.example' },
      To: [{ Address: 'ada@example.com' }],
      Cc: [],
      Bcc: [],
    });
    expect(answer).toEqual({ outcome: 'sent', reference: mail.MessageID });
    for (const part of [mail.Text, mail.HTML]) expect(part).toMatch(/Jürgen Groß[^]*Tasse „Blau“ 茶[^]*30,00\s\$/);
  });
});
