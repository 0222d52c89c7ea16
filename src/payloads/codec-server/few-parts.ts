import type { FastifyInstance } from 'fastify';
import { isNestedDeeply, nestedDeeply } from '../../contract/nesting';

/** A thousand payloads, each with its metadata, have fewer. */
const MOST_PARTS = 20_000;
const [COMMA, BRACKET, BRACE] = [',', '[', '{'].map((sign) => sign.charCodeAt(0));

class TooManyParts extends Error {
  readonly statusCode = 413;
  readonly code = 'too-many-parts';
}

/**
 * Refuses JSON with more parts than any request needs, before it is parsed: four megabytes of `{}` hold a million and a half of them, and
 * take a hundred times as long to parse as one payload of that size. Base64 contains none of these characters.
 */
export function onlyFewParts(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    if (!hasFewParts(text)) return done(new TooManyParts('Send at most 1,000 payloads in one request'));
    if (isNestedDeeply(text)) return done(nestedDeeply());
    void parse(request, text, done);
  });
}

function hasFewParts(text: string): boolean {
  let parts = 0;
  for (let at = 0; at < text.length && parts <= MOST_PARTS; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === COMMA || sign === BRACKET || sign === BRACE) parts += 1;
  }
  return parts <= MOST_PARTS;
}
