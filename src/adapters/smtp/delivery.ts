import { createTransport } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';
import { ProviderFault } from '../../ports/provider-fault';
import { settleWithin } from '../../runtime/time-limit';
import type { SmtpSettings } from './settings';
import { smtpFault } from './smtp-fault';
import type { Written } from './templates';

/** Shorter than the 10 s of an activity attempt. */
const TIMEOUT_MS = 8_000;
/** Each worker's; mail servers limit how many they accept from one client. */
const CONNECTIONS = 5;

/** As the API accepts it: one plain address, nothing that adds a header or a recipient. */
const ONE_ADDRESS = /^[^\s@<>(),:;"\\[\]\p{C}]{1,64}@[^\s@<>(),:;"\\[\]\p{C}]{1,253}$/u;
const HERE = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

export interface Mail extends Written {
  readonly to: string;
  readonly messageId: string;
  /** The Message-ID of the mail that this one follows. */
  readonly answers?: string;
}

export interface Delivery {
  /** The domain that our Message-IDs end in. */
  readonly domain: string;
  /** Resolves when the server has taken the mail. */
  send(mail: Mail): Promise<void>;
  /** Connects and logs in, and throws if that fails. */
  verify(): Promise<void>;
  close(): void;
}

/** A pool of connections to a mail server. A mail whose time is up leaves the queue, or closes its connection. */
export function deliveryOver(settings: SmtpSettings, timeoutMs = TIMEOUT_MS): Delivery {
  const { host, port, secure, user, password, ca } = settings;
  const from = senderOf(settings.from);
  const transport = createTransport({
    ...{ pool: true, maxConnections: CONNECTIONS, host, port, secure },
    // A password never travels unencrypted, but to this machine.
    requireTLS: user !== undefined && !HERE.test(host),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...{ dnsTimeout: timeoutMs, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    // Templates are text: nothing in them is a file or an address to fetch.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });

  return {
    domain: from.address.slice(from.address.lastIndexOf('@') + 1),
    close: () => transport.close({ force: true }),
    verify: () => orFault(timeoutMs, () => transport.verify()),
    send: async ({ to, messageId, answers, subject, text, html }) => {
      if (!ONE_ADDRESS.test(to)) throw new ProviderFault('refused-call', 'The customer has no usable mail address');
      const message = {
        ...{ from, to: { name: '', address: to }, subject, text, html },
        messageId: `<${messageId}>`,
        ...(answers === undefined ? {} : { inReplyTo: `<${answers}>`, references: `<${answers}>` }),
        // Nobody's holiday notice is to answer.
        headers: { 'Auto-Submitted': 'auto-generated' },
        envelope: { from: from.address, to: [to] },
      };
      await orFault(timeoutMs, (signal) => transport.sendMail({ ...message, signal }));
    },
  };
}

async function orFault(timeoutMs: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  try {
    await settleWithin(timeoutMs, work);
  } catch (error) {
    throw smtpFault(error);
  }
}

function senderOf(from: string): { name: string; address: string } {
  const [sender, ...others] = addressparser(from, { flatten: true });
  if (!sender?.address || others.length > 0 || !ONE_ADDRESS.test(sender.address))
    throw new Error('The setting `from` of smtp must be one mail address');
  return { name: sender.name, address: sender.address };
}
