import fp from 'fastify-plugin';
import { holdsCardData } from '../card-data';
import { ApiError } from './problems';

const MESSAGE = 'holds what looks like card data: send the token of your payment processor';

/**
 * Refuses card numbers and security codes wherever in a body they are, also where a name or a reason is asked for: what was stored once
 * is in backups, and in scope of an audit. Only its place is told, so it is in no answer and in no log.
 */
export const noCardData = fp(
  async (app) => {
    app.addHook('preHandler', (request, _reply, done) => {
      const field = placeOfCardData(request.body, 'body');
      if (field === undefined) return done();
      done(
        new ApiError('invalid-request', `${field} ${MESSAGE}.`, { members: { errors: [{ field, message: MESSAGE }] } }),
      );
    });
  },
  { name: 'no-card-data', dependencies: ['problems'] },
);

/** Bodies are not nested deeply: see `MOST_NESTED`. */
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
