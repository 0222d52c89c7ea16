import { Value } from '@sinclair/typebox/value';
import { ProviderFault } from '../../ports/provider-fault';
import type { Fault } from '../../ports/provider-fault';
import type { Answered } from './exchange';
import type { AnswerTo, Verb } from './protocol/verb';
import { retryAfterMs } from './retry-after';

const CONFLICT = 409;
const TOO_MANY = 429;

/** The answer, if it is one of those that the verb has; with their fields, and no other. Anything else is thrown, and the call may have acted. */
export function readAnswer<V extends Verb>(verb: V, path: string, answered: Answered): AnswerTo<V> {
  if (answered.statusCode !== 200) throw unsuccessful(path, answered);
  const fields = parsed(path, answered);
  const { outcome } = fields;
  if (typeof outcome !== 'string' || !Object.hasOwn(verb.outcomes, outcome))
    throw unusable(path, 'unknown-outcome', 'its outcome is unknown');

  const facts = verb.outcomes[outcome];
  const wrong = facts && Value.Errors(facts, fields).First();
  if (wrong) throw unusable(path, 'unusable-answer', `a usable ${wrong.path.slice(1)} is missing`);
  const known = Object.keys(facts?.properties ?? {}).filter((name) => Object.hasOwn(fields, name));
  return { outcome, ...Object.fromEntries(known.map((name) => [name, fields[name]])) } as AnswerTo<V>;
}

export const unusable = (path: string, fault: Fault, why: string): ProviderFault =>
  new ProviderFault(fault, `The provider's answer to ${path} cannot be used: ${why}`);

function unsuccessful(path: string, { statusCode, headers }: Answered): ProviderFault {
  const wait = retryAfterMs(headers);
  return new ProviderFault(faultOf(statusCode), `The provider answered ${path} with status ${statusCode}`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function faultOf(status: number): Fault {
  if (status >= 500) return 'server-error';
  if (status === TOO_MANY) return 'rate-limited';
  if (status === CONFLICT) return 'key-reused';
  if (status >= 400) return 'refused-call';
  // Any other success says less than 200 does: a 202 or a 204 has no outcome.
  return status >= 300 ? 'redirected' : 'unusable-answer';
}

function parsed(path: string, { headers, text }: Answered): Readonly<Record<string, unknown>> {
  const mediaType = headers['content-type']?.toString().split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw unusable(path, 'not-json', 'it has no JSON content type');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not passed on as the cause: its message quotes the text, which may contain what we sent.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw unusable(path, 'not-json', 'it is not a JSON object');
}
