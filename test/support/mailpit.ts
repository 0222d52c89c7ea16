import { FreePorts } from '../../src/local/stack/free-ports';
import { GoProgram } from './go-program';
import { OwnServer } from './own-server';

const MAILPIT = new GoProgram('github.com/axllent/mailpit', '1.33.1');
/** Compiling it takes two minutes of processor. */
export const MAILPIT_BUILD_MS = 900_000;

/** What this machine lacks to run Mailpit; undefined if nothing. */
export const missingForMailpit = (): string | undefined => MAILPIT.missing();

/** A mail as Mailpit has understood it. */
export interface UnderstoodMail {
  readonly MessageID: string;
  readonly Subject: string;
  readonly From: { readonly Name: string; readonly Address: string };
  readonly To: readonly { readonly Address: string }[];
  readonly Cc: readonly unknown[];
  readonly Bcc: readonly unknown[];
  readonly Text: string;
  readonly HTML: string;
}

/** A Mailpit on free ports: it takes every mail, and shows what a mail program would. */
export async function startMailpit() {
  const command = await MAILPIT.path();
  const http = await new FreePorts().pick(0);
  const server = await OwnServer.start('mailpit', async ({ port }) => ({
    command,
    args: ['--quiet', '--disable-version-check', '--smtp', `127.0.0.1:${port}`, '--listen', `127.0.0.1:${http}`],
  }));
  const get = async (route: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${http}/api/v1${route}`)).json();
  return {
    port: server.place.port,
    stop: () => server.stop(),
    async mails(): Promise<readonly UnderstoodMail[]> {
      const { messages } = (await get('/messages')) as { messages: { ID: string }[] };
      return Promise.all(messages.map(({ ID }) => get(`/message/${ID}`) as Promise<UnderstoodMail>));
    },
  };
}
