import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OwnServer } from './own-server';
import { pythonPackages } from './python-packages';

const AIOSMTPD = 'aiosmtpd==1.4.6';

/** What this machine lacks to run a mail server; undefined if nothing. */
export function missingForSmtp(): string | undefined {
  try {
    pythonPackages(AIOSMTPD);
    return undefined;
  } catch {
    return `Python 3 with pip, for ${AIOSMTPD}`;
  }
}

export interface SmtpOptions {
  readonly login?: { readonly user: string; readonly password: string };
  readonly certificate?: { readonly key: string; readonly cert: string };
  readonly tlsAtOnce?: boolean;
  /** What it answers to each recipient and to each mail, instead of taking it. */
  readonly rcpt?: string;
  readonly data?: string;
  /** Takes this many mails, then hangs up without an answer. */
  readonly loseAnswers?: number;
}

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly encrypted: boolean;
  /** By lower-case name, decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly process: OwnServer;
  mails(): readonly TakenMail[];
  stop(): Promise<void>;
}

/** An aiosmtpd on a free port. */
export async function startSmtpServer(options: SmtpOptions = {}): Promise<SmtpServer> {
  const server = await OwnServer.start('smtp', async ({ dataDir, port }) => ({
    command: 'python3',
    args: [
      ...[path.join(__dirname, 'smtp-server.py'), '--packages', pythonPackages(AIOSMTPD), '--port', String(port)],
      ...argumentsOf(options, dataDir),
    ],
  }));
  const record = path.join(server.place.dataDir, 'mails.jsonl');
  return {
    port: server.place.port,
    process: server,
    mails: () =>
      existsSync(record)
        ? readFileSync(record, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as TakenMail)
        : [],
    stop: () => server.stop(),
  };
}

function argumentsOf({ login, certificate, tlsAtOnce, rcpt, data, loseAnswers }: SmtpOptions, directory: string) {
  const [cert, key] = [path.join(directory, 'cert.pem'), path.join(directory, 'key.pem')];
  if (certificate) writeFileSync(cert, certificate.cert);
  if (certificate) writeFileSync(key, certificate.key);
  return [
    ...(login ? ['--login', `${login.user}:${login.password}`] : []),
    ...(certificate ? ['--certificate', cert, key] : []),
    ...(tlsAtOnce ? ['--tls-at-once'] : []),
    ...(rcpt === undefined ? [] : ['--rcpt', rcpt]),
    ...(data === undefined ? [] : ['--data', data]),
    ...(loseAnswers === undefined ? [] : ['--lose-answers', String(loseAnswers)]),
  ];
}
