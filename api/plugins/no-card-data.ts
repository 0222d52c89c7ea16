import fp from 'fastify-plugin';
import { holdsCardData } from '../card-data';
import { ApiError } from './problems';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False if nothing of the body is stored or logged: then any digits may be in it. */
    keepsBody?: boolean;
  }
}

const MESSAGE = 'contains what looks like card data: send the token of your payment processor instead';

/**
 * Refuses card numbers and security codes anywhere in a body, also in a name or a reason: once stored, they are in the backups and in the scope
 * of an audit. The refusal names only the field, so they appear in no answer and in no log.
 */
export const noCardData = fp(
  async (app) => {
    app.addHook('preHandler', (request, _reply, done) => {
      if (request.routeOptions.config.keepsBody === false) return done();
      const field = placeOfCardData(request.body, 'body');
      if (field === undefined) return done();
      done(
        new ApiError('invalid-request', `${field} ${MESSAGE}.`, { members: { errors: [{ field, message: MESSAGE }] } }),
      );
    });
  },
  { name: 'no-card-data', dependencies: ['problems'] },
);

/** May recurse, because bodies are not nested deeply: see `MOST_NESTED`. */
function placeOfCardData(value: unknown, place: string): string | undefined {
  if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const found = placeOfCardData(member, `${place}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return holdsCardData(String(value)) ? place : undefined;
}
