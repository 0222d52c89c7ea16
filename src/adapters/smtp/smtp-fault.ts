import { ProviderFault } from '../../ports/provider-fault';
import type { Fault } from '../../ports/provider-fault';
import { neverConnected } from '../never-connected';
import { TookTooLong } from '../../runtime/time-limit';

/** What is known of an error of nodemailer. Its message quotes the server, which may quote the recipient, so that is not passed on. */
interface SmtpError {
  readonly code?: string;
  /** The code of a socket's or certificate's error. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  /** The command that was refused, without its arguments. */
  readonly command?: string;
}

const CLOSING = 421;
const CERTIFICATE = /CERT|SIGNATURE|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME/;
const BY_CODE: Readonly<Record<string, Fault>> = {
  ...{ ECONNECTION: 'unreachable', ESOCKET: 'unreachable', EDNS: 'unreachable', EPROTOCOL: 'unusable-answer' },
  ...{ ETIMEDOUT: 'timed-out', EABORT: 'timed-out', EAUTH: 'refused-call', ENOAUTH: 'refused-call' },
  ETLS: 'bad-certificate',
};

/** The error of a mail that was not, or perhaps not, accepted. */
export function smtpFault(error: unknown): ProviderFault {
  if (error instanceof TookTooLong)
    return new ProviderFault('timed-out', 'The mail server did not take the mail in time; it may have taken it');
  const known = (typeof error === 'object' && error !== null ? error : {}) as SmtpError;
  const fault = faultOf(known);
  return new ProviderFault(fault, sentence(fault, known));
}

function faultOf({ code = '', originalCode = '', responseCode, command }: SmtpError): Fault {
  if (CERTIFICATE.test(originalCode)) return 'bad-certificate';
  if (code === 'EAUTH') return 'refused-call';
  if (responseCode === CLOSING) return 'server-error';
  // A mailbox that is full or greylisted concerns one customer; the server itself works.
  if (responseCode !== undefined && responseCode < 500 && command !== 'RCPT TO') return 'server-error';
  if (responseCode !== undefined) return 'refused-call';
  return BY_CODE[code] ?? 'unusable-answer';
}

const WHAT: Partial<Record<Fault, string>> = {
  unreachable: 'gave no complete answer; the mail may have been sent',
  'timed-out': 'did not answer in time; the mail may have been sent',
  'bad-certificate': 'offers no encryption that can be trusted',
};

function sentence(fault: Fault, { code, originalCode, responseCode, command }: SmtpError): string {
  if (responseCode !== undefined) return `The mail server answered ${command ?? 'a command'} with ${responseCode}`;
  const codes = [code, originalCode].filter(Boolean).join(', ');
  if (neverConnected(code, originalCode)) return `The mail server cannot be reached (${codes}), so nothing was sent`;
  return `The mail server ${WHAT[fault] ?? 'cannot be used'} (${codes})`;
}
