import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isNestedDeeply, MOST_NESTED } from '../../src/contract/nesting';
import { ApiError, PROBLEM_ADVICE } from './problems';

type Parsed = (error: Error | null, body?: unknown) => void;

/** The whole header: no other charset and no other parameter is understood here. */
const JSON_TYPE = /^application\/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i;

/**
 * Parses only bodies with a single meaning: declared as JSON, in UTF-8, no member twice, none that would reach a prototype. Other programs
 * read the same bytes, and two readers that understand them differently can be played off against each other.
 */
export function strictJsonParser(app: FastifyInstance) {
  const parse = app.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });

  return (request: FastifyRequest, bytes: Buffer, done: Parsed): void => {
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return done(refused('unsupported-media-type'));
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch (cause) {
      return done(refused('invalid-json', cause));
    }
    if (isNestedDeeply(text)) return done(tooDeep());
    void parse(request, text, (error: Error | null, body?: unknown) => {
      if (error) return done(error);
      return membersWritten(text) > membersOf(body) ? done(refused('invalid-json')) : done(null, body);
    });
  };
}

const refused = (code: 'unsupported-media-type' | 'invalid-json', cause?: unknown) =>
  new ApiError(code, PROBLEM_ADVICE[code], { cause });

function tooDeep(): ApiError {
  const message = `is nested more than ${MOST_NESTED} levels deep`;
  return new ApiError('invalid-request', `body ${message}.`, { members: { errors: [{ field: 'body', message }] } });
}

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Outside of strings every colon belongs to a member. After parsing, only the last of several members with one name is left. */
const membersWritten = (json: string): number => json.replace(STRING, '').split(':').length - 1;

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside: unknown[] = Object.values(value);
  return inside.reduce<number>((members, each) => members + membersOf(each), Array.isArray(value) ? 0 : inside.length);
}
