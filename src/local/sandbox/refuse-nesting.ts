import type { FastifyInstance } from 'fastify';
import { isNestedDeeply, nestedDeeply } from '../../contract/nesting';

/** Makes a server check the nesting of JSON before Fastify's own parser reads it. */
export function refuseNesting(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    if (isNestedDeeply(text)) done(nestedDeeply());
    else void parse(request, text, done);
  });
}
