import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { ProviderFault } from '../ports/provider-fault';
import { settleWithin, TookTooLong } from '../runtime/time-limit';

/**
 * Shorter than the 10 s of an activity attempt, so that the attempt itself fails in time, with an error that names the silent provider.
 */
const ANSWER_TIMEOUT_MS = 8_000;

/** Two hundred times a normal answer: more must not fill the worker's memory. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

/** Rate limits and overloaded or failing gateways: they concern every call, not just this one. */
const UNREACHABLE_STATUSES = [429, 502, 503, 504];

/** Ids, reasons and outcomes are words, which can be stored and shown without escaping. */
const WORD = /^[\w.:-]{1,200}$/;

export interface SandboxCall {
  /** Appears in error messages, so it never holds customer data. */
  readonly path: string;
  readonly key: string;
  readonly body: object;
}

type Answered = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & { readonly text: string };

/**
 * The HTTP client of all four adapters. `post` returns a JSON object that came with a 2xx; anything else is thrown, and then the call may
 * have acted. Errors name path and status, never what was sent or received.
 */
export class SandboxHttp {
  readonly #baseUrl: string;

  constructor(
    baseUrl: string,
    private readonly timeoutMs = ANSWER_TIMEOUT_MS,
  ) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
  }

  async post({ path, key, body }: SandboxCall): Promise<SandboxAnswer> {
    const { statusCode, headers, text } = await this.#exchange(path, key, JSON.stringify(body));
    if (statusCode < 200 || statusCode > 299) throw unsuccessful(path, statusCode);
    const mediaType = headers['content-type']?.toString().split(';')[0]?.trim().toLowerCase();
    if (mediaType !== 'application/json') throw new Error(`The provider's answer to ${path} has no JSON content type`);
    return new SandboxAnswer(path, parsed(path, text));
  }

  async #exchange(path: string, key: string, sent: string): Promise<Answered> {
    try {
      return await settleWithin(this.timeoutMs, async (signal) => {
        // Follows no redirect: a provider does not move in the middle of a payment, and customer data must not go elsewhere.
        const { statusCode, headers, body } = await request(`${this.#baseUrl}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key },
          body: sent,
          signal,
        });
        return { statusCode, headers, text: await readCapped(body) };
      });
    } catch (cause) {
      const what =
        cause instanceof TookTooLong
          ? `did not answer ${path} within ${this.timeoutMs} ms`
          : `gave no complete answer to ${path}`;
      const fault = cause instanceof TookTooLong ? 'timed-out' : 'unreachable';
      throw new ProviderFault(fault, `The provider ${what}; the call may have acted`, { cause });
    }
  }
}

/** A provider's answer whose fields have not been checked yet. */
export class SandboxAnswer {
  constructor(
    private readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  get outcome(): unknown {
    return this.fields['outcome'];
  }

  word(name: string): string {
    const value = this.fields[name];
    if (typeof value !== 'string' || !WORD.test(value)) throw this.unusable(`a usable ${name} is missing`);
    return value;
  }

  is(name: string, expected: string | number): boolean {
    return this.fields[name] === expected;
  }

  unusable(why: string): Error {
    return new Error(`The provider's answer to ${this.path} cannot be used: ${why}`);
  }
}

function unsuccessful(path: string, status: number): Error {
  const sentence = `The provider answered ${path} with status ${status}`;
  return UNREACHABLE_STATUSES.includes(status) ? new ProviderFault('server-error', sentence) : new Error(sentence);
}

async function readCapped(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) throw new Error(`The answer is larger than ${LARGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not passed on as the cause: its message quotes the text, which may contain what we sent.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`The provider's answer to ${path} is not a JSON object`);
}
