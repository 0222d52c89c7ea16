import type { FastifyInstance } from 'fastify';
import { eventually } from '../support/eventually';

/**
 * Waits until the process has measured itself and is not under pressure. On a busy machine it sometimes is, and then it answers 503 to
 * everything.
 */
export const calm = (app: FastifyInstance): Promise<true> =>
  eventually(() => (app.memoryUsage().rssBytes > 0 && !app.isUnderPressure() ? true : undefined));
