import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { ProviderUnreachable } from '../ports/provider-unreachable';
import { settleWithin, TookTooLong } from '../runtime/time-limit';

/**
 * Shorter than the 10 s that an activity attempt has, so that a silent provider is reported as one, in a sentence, and
 * the attempt still has time to fail by itself.
 */
const ANSWER_TIMEOUT_MS = 8_000;

/** Two hundred times what a provider has to say: more is no answer, and must not fill the worker's memory. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

/** Too many requests, and what gateways and servers say that are not up to it: about all calls, not about this one. */
const UNREACHABLE_STATUSES = [429, 502, 503, 504];

/** Ids, reasons and outcomes are words: anything else could not be stored or shown as it is. */
const WORD = /^[\w.:-]{1,200}$/;

export interface SandboxCall {
  /** For error messages too, so it never holds data of a customer. */
  readonly path: string;
  readonly key: string;
  readonly body: object;
}

type Answered = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & { readonly text: string };

/**
 * The sandbox providers' HTTP, for all four adapters. `post` gives a JSON object that came with a 2xx; all else is an
 * error, after which the call may or may not have acted. Errors tell path and status, never what was sent or received.
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
    if (mediaType !== 'application/json') throw new Error(`The provider's answer to ${path} is not JSON by its type`);
    return new SandboxAnswer(path, parsed(path, text));
  }

  async #exchange(path: string, key: string, sent: string): Promise<Answered> {
    try {
      return await settleWithin(this.timeoutMs, async (signal) => {
        // It follows no redirect: a provider does not move in the middle of a payment, and the customer's data must not go elsewhere.
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
          : `gave no whole answer to ${path}`;
      throw new ProviderUnreachable(`The provider ${what}; the call may have acted`, { cause });
    }
  }
}

/** A provider's answer that is read field by field, because nothing is known about it yet. */
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
  return UNREACHABLE_STATUSES.includes(status) ? new ProviderUnreachable(sentence) : new Error(sentence);
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
    // Not passed on as the cause: its message quotes the text, which may quote what we sent.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`The provider's answer to ${path} is no JSON object`);
}
