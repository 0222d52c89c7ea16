import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError, PROBLEM_ADVICE } from './problems';

type Parsed = (error: Error | null, body?: unknown) => void;

/** The type in full: what another charset or a parameter of somebody's own means, nobody here knows. */
const JSON_TYPE = /^application\/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i;

/**
 * Parses a body that has one meaning only: declared as JSON, in UTF-8, no member twice, none that would reach a prototype. Others
 * read the same bytes too, and where two readers understand something else, one of them can be deceived.
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
    void parse(request, text, (error: Error | null, body?: unknown) => {
      if (error) return done(error);
      return membersWritten(text) > membersOf(body) ? done(refused('invalid-json')) : done(null, body);
    });
  };
}

const refused = (code: 'unsupported-media-type' | 'invalid-json', cause?: unknown) =>
  new ApiError(code, PROBLEM_ADVICE[code], { cause });

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Outside of strings every colon belongs to a member. Of members with one name only the last is left after parsing. */
const membersWritten = (json: string): number => json.replace(STRING, '').split(':').length - 1;

/** Without recursion: the body may be nested as deeply as it has bytes. */
function membersOf(body: unknown): number {
  const found: unknown[] = [body];
  let members = 0;
  for (let value = found.pop(); value !== undefined; value = found.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inside: unknown[] = Object.values(value);
    if (!Array.isArray(value)) members += inside.length;
    for (const each of inside) found.push(each);
  }
  return members;
}
