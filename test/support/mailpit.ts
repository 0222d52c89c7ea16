import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { FreePorts } from '../../src/local/stack/free-ports';
import { OwnServer } from './own-server';
import { programSearch } from './program-search';

const VERSION = '1.33.1';
/** Compiling it takes two minutes of processor. */
export const MAILPIT_BUILD_MS = 900_000;

const program = () => path.join(programSearch().cacheDir, 'programs', `mailpit-${VERSION}`, 'mailpit');

/** What this machine lacks to run Mailpit; undefined if nothing. */
export const missingForMailpit = (): string | undefined =>
  existsSync(program()) || spawnSync('go', ['version']).status === 0 ? undefined : 'Go, to build Mailpit';

async function mailpit(): Promise<string> {
  const home = path.dirname(program());
  if (existsSync(home)) return program();
  console.log(`Building Mailpit ${VERSION} into ${home}`);
  await mkdir(path.dirname(home), { recursive: true });
  const draft = await mkdtemp(path.join(path.dirname(home), 'installing-'));
  try {
    const env = { ...process.env, GOBIN: draft };
    await promisify(execFile)('go', ['install', `github.com/axllent/mailpit@v${VERSION}`], { env });
    await rename(draft, home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return program();
}

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
  const command = await mailpit();
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
