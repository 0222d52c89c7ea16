import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../../support/describe-with';
import { missingForSmtp } from '../../support/smtp-server';
import { aConfirmation } from './a-confirmation';
import { mailWorld } from './mail-world';
import type { MailWorld } from './mail-world';

let world: MailWorld;
beforeAll(async () => {
  world = await mailWorld();
});
afterAll(() => world.close());

describeWith(missingForSmtp(), 'mail over SMTP', () => {
  test('a confirmation goes to the customer alone, with a Message-ID made of our key', async () => {
    const server = await world.server();
    const request = aConfirmation();

    const answer = await world.mailerTo(server.port).sendConfirmation(request);

    const [mail, ...others] = server.mails();
    const messageId = `${request.key.replaceAll(':', '.')}@shop.example`;
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ from: 'orders@shop.example', to: ['ada@example.com'] });
    expect(answer).toEqual({ outcome: 'sent', reference: messageId });
    expect(mail?.headers).toMatchObject({ 'message-id': `<${messageId}>`, subject: 'Your order chk_1' });
    expect(mail?.headers).toMatchObject({ from: 'Shop <orders@shop.example>', 'auto-submitted': 'auto-generated' });
    for (const part of [mail?.text, mail?.html]) expect(part).toMatch(/Ada Lovelace[^]*MUG-BLUE[^]*\$30\.00[^]*chk_1/);
  });

  test('a repeated confirmation is not sent again', async () => {
    const server = await world.server();
    const request = aConfirmation();
    const first = await world.mailerTo(server.port).sendConfirmation(request);

    const again = await world.mailerTo(server.port).sendConfirmation(request);

    expect(again).toEqual(first);
    expect(server.mails()).toHaveLength(1);
  });

  test('a key is not used for another recipient', async () => {
    const server = await world.server();
    const mailer = world.mailerTo(server.port);
    const request = aConfirmation();
    await mailer.sendConfirmation(request);

    const other = mailer.sendConfirmation({ ...request, to: 'eve@example.com' });

    await expect(other).rejects.toMatchObject({ fault: 'key-reused' });
    expect(server.mails()).toHaveLength(1);
  });

  test('a mail that the server took, but did not say so, is sent again with the same Message-ID', async () => {
    const server = await world.server({ loseAnswers: 1 });
    const mailer = world.mailerTo(server.port);
    const request = aConfirmation();

    await expect(mailer.sendConfirmation(request)).rejects.toMatchObject({ fault: 'unreachable' });
    await mailer.sendConfirmation(request);

    const [first, ...others] = server.mails().map(({ headers }) => headers['message-id']);
    expect(others).toEqual([first]);
  });

  test('a cancellation follows a confirmation, once', async () => {
    const server = await world.server();
    const mailer = world.mailerTo(server.port);
    const { key, to, orderId, ...order } = aConfirmation();
    const confirmed = await mailer.sendConfirmation({ key, to, orderId, ...order });

    await mailer.sendCancellation({ key, to, orderId });
    await mailer.sendCancellation({ key, to, orderId });

    const [, cancellation, ...others] = server.mails();
    expect(others).toEqual([]);
    expect(confirmed).toMatchObject({ outcome: 'sent' });
    expect(cancellation?.headers).toMatchObject({
      subject: 'Your order chk_1 is cancelled',
      'in-reply-to': `<${key.replaceAll(':', '.')}@shop.example>`,
    });
  });

  test('a customer who was told nothing gets no cancellation, and no confirmation afterwards', async () => {
    const server = await world.server();
    const mailer = world.mailerTo(server.port);
    const request = aConfirmation();

    await mailer.sendCancellation(request);
    const late = await mailer.sendConfirmation(request);

    expect(late).toEqual({ outcome: 'blocked' });
    expect(server.mails()).toEqual([]);
  });

  test('a customer who may have been told gets the cancellation', async () => {
    const server = await world.server({ loseAnswers: 1 });
    const mailer = world.mailerTo(server.port);
    const request = aConfirmation();
    await mailer.sendConfirmation(request).catch(() => undefined);

    await mailer.sendCancellation(request);

    const [, cancellation] = server.mails();
    expect(cancellation?.headers['subject']).toBe('Your order chk_1 is cancelled');
  });

  test('two refunds of an order are two notices, each sent once', async () => {
    const server = await world.server();
    const mailer = world.mailerTo(server.port);
    const { key, to, orderId } = aConfirmation();
    const notice = (refund: string, minor: bigint) =>
      mailer.sendRefundNotice({ key, to, orderId, refund, amount: { minor, currency: 'USD' } });

    await notice('re_1', 500n);
    await notice('re_1', 500n);
    await notice('re_2', 700n);

    const sums = server.mails().map(({ text }) => /\$\d\.\d\d/.exec(text)?.[0]);
    expect(sums).toEqual(['$5.00', '$7.00']);
  });
});
