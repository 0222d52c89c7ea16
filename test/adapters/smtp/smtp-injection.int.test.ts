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

describeWith(missingForSmtp(), 'hostile text in mail', () => {
  test.each([
    'ada@example.com, eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com\r\nRCPT TO:<eve@example.com>',
    'ada@example.com\nBcc: eve@example.com',
    'Ada <ada@example.com>',
    '<ada@example.com>,<eve@example.com>',
    'ada@example.com>SIZE=1',
    'ada@example.com\u0000',
    'ada',
    'team:ada@example.com,eve@example.com;',
  ])('an address that is not exactly one is not written to: %j', async (to) => {
    const server = await world.server();

    await expect(world.mailerTo(server.port).sendConfirmation(aConfirmation({ to }))).rejects.toMatchObject({
      fault: 'refused-call',
    });

    expect(server.mails()).toEqual([]);
  });

  test('a name adds no header, no recipient, no markup and no link', async () => {
    const server = await world.server();
    const mailer = world.mailerTo(server.port);
    const names = [
      'Ada\r\nBcc: eve@example.com\r\n\r\n<h1>',
      '<img src=x onerror=alert(1)>',
      'Win at https://evil.example now',
      'evil.example',
      '\u202eecila\u2069 \u200b\u{e0041}Ada',
    ];

    for (const name of names) await mailer.sendConfirmation(aConfirmation({ name }));

    const mails = server.mails();
    expect(mails.map(({ to }) => to)).toEqual(names.map(() => ['ada@example.com']));
    for (const { headers, text, html } of mails) {
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^b?cc$/)]));
      expect(html).not.toMatch(/<img|<h1/);
      expect(`${text}${html}`).not.toMatch(/evil\.example|[\u202e\u2069\u200b\u{e0041}]/u);
      expect(text.split('\n')[2]).toBe('thank you for your order. We are packing it now.');
    }
    expect(mails[1]?.html).toContain('&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;');
  });

  test('the name of goods is text', async () => {
    const server = await world.server();
    const lines = [{ sku: 'X', quantity: 1, name: 'Mug {{orderId}} <b>blue</b> & {{{total}}}' }];

    await world.mailerTo(server.port).sendConfirmation(aConfirmation({ lines }));

    const [mail] = server.mails();
    expect(mail?.text).toContain('1 × Mug {{orderId}} <b>blue</b> & {{{total}}}');
    expect(mail?.html).toContain('<td>Mug {{orderId}} &lt;b&gt;blue&lt;&#x2F;b&gt; &amp; {{{total}}}</td>');
  });
});
