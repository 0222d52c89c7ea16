import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { ProviderFault } from '../../ports/provider-fault';
import { neverConnected } from '../never-connected';
import { settleWithin, TookTooLong } from '../../runtime/time-limit';

export interface Call {
  readonly url: string;
  /** Appears in error messages, so it never holds customer data. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly largestAnswerBytes: number;
}

export type Answered = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & { readonly text: string };

/** What Node and OpenSSL call a certificate that is not to be trusted. */
export const BAD_CERTIFICATE = /CERT|LEAF_SIGNATURE|_ISSUER/;

class TooLarge extends Error {}

/** Makes one POST. Whatever does not end in a whole answer is a `ProviderFault`. Only the body of a 200 is read. */
export async function exchange({ url, headers, body: sent, ...call }: Call): Promise<Answered> {
  try {
    return await settleWithin(call.timeoutMs, async (signal) => {
      // Follows no redirect: a provider does not move in the middle of a payment, and customer data must not go elsewhere.
      const {
        statusCode,
        headers: received,
        body,
      } = await request(url, { method: 'POST', headers, body: sent, signal });
      if (statusCode === 200)
        return { statusCode, headers: received, text: await capped(body, call.largestAnswerBytes) };
      await body.dump({ limit: call.largestAnswerBytes, signal });
      return { statusCode, headers: received, text: '' };
    });
  } catch (cause) {
    throw faultOf(cause, call);
  }
}

async function capped(body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function faultOf(cause: unknown, { path, timeoutMs, largestAnswerBytes }: Omit<Call, 'url' | 'headers' | 'body'>) {
  const mayHaveActed = 'the call may have acted';
  if (cause instanceof TookTooLong)
    return new ProviderFault(
      'timed-out',
      `The provider did not answer ${path} within ${timeoutMs} ms; ${mayHaveActed}`,
    );
  if (cause instanceof TooLarge)
    return new ProviderFault(
      'too-large',
      `The provider's answer to ${path} is larger than ${largestAnswerBytes} bytes; ${mayHaveActed}`,
    );
  const code = codeOf(cause);
  if (BAD_CERTIFICATE.test(code))
    return new ProviderFault(
      'bad-certificate',
      `The provider's certificate is not trusted (${code}): ${path} was not called`,
    );
  if (neverConnected(code))
    return new ProviderFault('unreachable', `The provider cannot be reached (${code}): ${path} was not called`);
  // Only its code: the message of a parser quotes what was received.
  return new ProviderFault('unreachable', `The provider gave no complete answer to ${path} (${code}); ${mayHaveActed}`);
}

const codeOf = (error: unknown): string => {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'no code';
};
