import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deliveryOver } from '../../../src/adapters/smtp/delivery';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { describeWith } from '../../support/describe-with';
import { missingForSmtp } from '../../support/smtp-server';
import { certificateFor } from '../../webhooks/receiver';
import { aConfirmation } from './a-confirmation';
import { mailWorld } from './mail-world';
import type { MailWorld } from './mail-world';

let world: MailWorld;
beforeAll(async () => {
  world = await mailWorld();
});
afterAll(() => world.close());

const LOGIN = { user: 'shop', password: 'correct horse' };
const PRIVATE_ADDRESS = 'ada.canary@example.com';

const faultOf = async (sent: Promise<unknown>): Promise<ProviderFault> => {
  const error: unknown = await sent.then(() => undefined).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderFault)) throw new Error('Not a fault of a provider', { cause: error });
  return error;
};

describeWith(missingForSmtp(), 'a mail server that does not take a mail', () => {
  test.each([
    ['an unknown mailbox', { rcpt: '550 5.1.1 <{address}>: no such user' }, 'refused-call', false],
    ['a greylisted mailbox', { rcpt: '451 4.7.1 <{address}>: come back later' }, 'refused-call', false],
    ['a full server', { data: '452 4.3.1 no space left' }, 'server-error', true],
    ['a server that is closing', { rcpt: '421 4.3.2 closing' }, 'server-error', true],
    ['a mail that it takes for spam', { data: '554 5.7.1 rejected' }, 'refused-call', false],
  ])('%s is a named fault that quotes nothing', async (_what, options, fault, isAway) => {
    const server = await world.server(options);

    const error = await faultOf(world.mailerTo(server.port).sendConfirmation(aConfirmation({ to: PRIVATE_ADDRESS })));

    expect(error).toMatchObject({ fault, isAway });
    expect(`${error.stack} ${String(error.cause)}`).not.toContain('canary');
    expect(server.mails()).toEqual([]);
  });

  test('a server that is gone is unreachable, and works again when it is back', async () => {
    const server = await world.server();
    const mailer = world.mailerTo(server.port);
    await mailer.sendConfirmation(aConfirmation());
    await server.process.kill();

    const error = await faultOf(mailer.sendConfirmation(aConfirmation()));
    await expect(mailer.reach?.()).rejects.toThrow('The mail server cannot be reached');
    await server.process.restart();
    await mailer.reach?.();
    const answer = await mailer.sendConfirmation(aConfirmation());

    expect(error.isAway).toBe(true);
    expect(answer.outcome).toBe('sent');
  });

  test('a server that hangs costs a mail its time, and no mail leaves later', async () => {
    const server = await world.server();
    const settings = { host: '127.0.0.1', port: server.port, secure: false, from: 'orders@shop.example' };
    const delivery = deliveryOver(settings, 300);
    const mail = { to: 'ada@example.com', subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' };
    await delivery.send({ ...mail, messageId: 'before@shop.example' });
    server.process.freeze();

    const hung = await Promise.all(
      Array.from({ length: 20 }, (_, at) => faultOf(delivery.send({ ...mail, messageId: `${at}@shop.example` }))),
    );
    server.process.thaw();
    await delivery.send({ ...mail, messageId: 'after@shop.example' });

    expect(new Set(hung.map(({ fault }) => fault))).toEqual(new Set(['timed-out']));
    const taken = server.mails().map(({ headers }) => headers['message-id']);
    expect(taken).toEqual(['<before@shop.example>', '<after@shop.example>']);
    delivery.close();
  });

  test('a wrong password is refused', async () => {
    const server = await world.server({ login: LOGIN });

    const error = await faultOf(
      world.mailerTo(server.port, { ...LOGIN, password: 'wrong canary' }).sendConfirmation(aConfirmation()),
    );

    expect(error.fault).toBe('refused-call');
    expect(error.message).not.toContain('canary');
  });
});

describeWith(missingForSmtp(), 'a mail server with TLS and a login', () => {
  const certificate = certificateFor('localhost');
  const trusted = { host: 'localhost', ca: certificate.cert, ...LOGIN };

  test.each([
    ['STARTTLS', { certificate, login: LOGIN }, { secure: false }],
    ['TLS at once', { certificate, login: LOGIN, tlsAtOnce: true }, { secure: true }],
  ])('takes a mail over %s', async (_what, options, settings) => {
    const server = await world.server(options);

    await world.mailerTo(server.port, { ...trusted, ...settings }).sendConfirmation(aConfirmation());

    expect(server.mails()).toMatchObject([{ encrypted: true }]);
  });

  test.each([
    ['whose certificate nobody has signed', { host: 'localhost' }],
    ['whose certificate is for another name', { host: '127.0.0.1', ca: certificate.cert }],
  ])('is not trusted with a server %s', async (_what, settings) => {
    const server = await world.server({ certificate, login: LOGIN });

    const error = await faultOf(
      world.mailerTo(server.port, { ...LOGIN, ...settings }).sendConfirmation(aConfirmation()),
    );

    expect(error.fault).toBe('bad-certificate');
    expect(server.mails()).toEqual([]);
  });
});
