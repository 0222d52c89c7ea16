import type { FastifyInstance } from 'fastify';
import { isNestedDeeply, nestedDeeply } from '../../contract/nesting';

/** Has a server with Fastify's own parser for JSON look at the text before. */
export function refuseNesting(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    if (isNestedDeeply(text)) done(nestedDeeply());
    else void parse(request, text, done);
  });
}
