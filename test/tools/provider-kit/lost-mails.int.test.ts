import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bench } from '../../../src/tools/provider-kit/bench';
import { GIVEN } from '../../../src/tools/provider-kit/given';
import { lostAnswer } from '../../../src/tools/provider-kit/rows/find';
import { tryRow } from '../../../src/tools/suite/try-row';
import { mailWorld } from '../../adapters/smtp/mail-world';
import type { MailWorld } from '../../adapters/smtp/mail-world';
import { describeWith } from '../../support/describe-with';
import { missingForSmtp } from '../../support/smtp-server';
import { TcpProxy } from '../../support/tcp-proxy';

let world: MailWorld;
beforeAll(async () => {
  world = await mailWorld();
});
afterAll(() => world.close());

/** What a client sends after a mail. The server then takes it, and says so. */
const END_OF_MAIL = '\r\n.\r\n';

describeWith(missingForSmtp(), 'smtp over a line that fails', () => {
  test('passes the try of a lost answer: the mail is sent a second time, with the same Message-ID', async () => {
    const server = await world.server();
    const { proxy, url } = await TcpProxy.inFrontOf(`http://127.0.0.1:${server.port}`);
    const line = {
      url,
      loseNextAnswer: () => void proxy.loseAnswerTo(END_OF_MAIL),
      giveUpOnNext: () => undefined,
      close: () => undefined,
    };
    const smtp = bench('mail', world.mailerTo(Number(new URL(url).port)), { given: GIVEN, line });

    const report = await tryRow(lostAnswer, smtp);
    await proxy.close();

    const sentTwice = server.mails().length - new Set(server.mails().map(({ headers }) => headers['message-id'])).size;
    expect(report).toMatchObject({
      result: 'pass',
      detail: 'not observed: find knows what was done: the port has no find',
    });
    // The confirmation of one check and the cancellation of the other.
    expect(sentTwice).toBe(2);
  });
});
