import type { FastifyInstance } from 'fastify';
import { eventually } from '../support/eventually';

/**
 * Waits until the process has looked at itself and is not out of breath, which on a busy machine it is at times: then its answer to
 * everything is 503.
 */
export const calm = (app: FastifyInstance): Promise<true> =>
  eventually(() => (app.memoryUsage().rssBytes > 0 && !app.isUnderPressure() ? true : undefined));
