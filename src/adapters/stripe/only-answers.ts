import { fetch as undiciFetch } from 'undici';
import { ProviderFault } from '../../ports/provider-fault';
import type { Fault } from '../../ports/provider-fault';
import { retryAfterMs } from '../http/retry-after';

/** A hundred times a normal answer: more must not fill the worker's memory. */
const LARGEST = 1024 * 1024;

/**
 * Not Node's own: whoever loads `undici` replaces the dispatcher of the whole process, and with another version's Node's `fetch` sends nothing.
 */
const ourFetch = undiciFetch as unknown as typeof fetch;

/** `fetch` for the library, which takes any JSON for an answer: a redirect, or the page of a proxy, is a fault. */
export const onlyAnswers: typeof fetch = async (url, init) => {
  const answered = await ourFetch(url, { ...init, redirect: 'manual' });
  const { status, headers, body } = answered;
  const isJson = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/json';
  if (isJson && (status === 200 || status >= 400)) return new Response(body?.pipeThrough(atMost(LARGEST)), answered);
  await body?.cancel();
  const wait = retryAfterMs(Object.fromEntries(headers));
  throw new ProviderFault(faultOf(status), `What answered for Stripe is not its API (status ${status})`, {
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
};

function atMost(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes;
  return new TransformStream({
    transform(chunk, out) {
      left -= chunk.length;
      if (left >= 0) out.enqueue(chunk);
      else out.error(new ProviderFault('too-large', `An answer of Stripe is larger than ${bytes} bytes`));
    },
  });
}

function faultOf(status: number): Fault {
  if (status >= 500) return 'server-error';
  if (status === 429) return 'rate-limited';
  return status >= 300 && status < 400 ? 'redirected' : 'not-json';
}
