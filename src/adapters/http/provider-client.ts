import { signatureHeaders } from '../../webhooks/signature';
import type { Fault, ProviderFault } from '../../ports/provider-fault';
import { exchange } from './exchange';
import { callId, PROTOCOL, verbPath } from './protocol/protocol';
import type { ProtocolRole, VerbAt, VerbOf } from './protocol/protocol';
import type { AnswerTo, RequestOf, Verb } from './protocol/verb';
import { readAnswer, unusable } from './read-answer';
import type { HttpSettings, HttpSurroundings } from './settings';

/** Shorter than the 10 s of an activity attempt, so that the attempt itself fails in time, with an error that names the silent provider. */
const ANSWER_TIMEOUT_MS = 8_000;

/** Two hundred times a normal answer: more must not fill the worker's memory. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

// eslint-disable-next-line no-restricted-syntax -- a provider compares it with its own wall clock
const hostClock = (): Date => new Date();

/** Calls a provider that serves `role` over HTTP. Errors name path and status, never what was sent or received. */
export class ProviderClient<R extends ProtocolRole> {
  readonly #base: string;

  constructor(
    private readonly role: R,
    private readonly settings: HttpSettings,
    private readonly surroundings: HttpSurroundings = {},
  ) {
    this.#base = settings.url.replace(/\/+$/, '');
  }

  /** One of the verb's answers; anything else is thrown, and then the call may have acted. */
  async call<V extends VerbOf<R>>(
    verb: V,
    key: string,
    request: RequestOf<VerbAt<R, V>>,
  ): Promise<AnswerTo<VerbAt<R, V>>> {
    const known = (PROTOCOL[this.role] as Record<VerbOf<R>, Verb>)[verb] as VerbAt<R, V>;
    const path = verbPath(this.role, verb);
    const body = JSON.stringify(request);
    const answered = await exchange({
      ...{ url: `${this.#base}${path}`, path, body },
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key },
        ...this.#signature(callId(this.role, verb, key), body),
      },
      timeoutMs: this.surroundings.timeoutMs ?? ANSWER_TIMEOUT_MS,
      largestAnswerBytes: known.largestAnswerBytes ?? LARGEST_ANSWER_BYTES,
    });
    return readAnswer(known, path, answered);
  }

  /** For an answer of the right shape that still cannot be used. */
  unusable(verb: VerbOf<R>, fault: Fault, why: string): ProviderFault {
    return unusable(verbPath(this.role, verb), fault, why);
  }

  #signature(id: string, body: string): Record<string, string> {
    const { secret } = this.settings;
    return secret === undefined
      ? {}
      : signatureHeaders(secret, { id, at: (this.surroundings.now ?? hostClock)(), body });
  }
}
