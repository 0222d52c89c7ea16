import type { FastifyRequest } from 'fastify';
import { parseIdempotencyKey } from '../../src/idempotency/key';
import { ApiError, PROBLEM_ADVICE } from '../plugins/problems';

/** Read from the raw lines, because Node joins two headers into one that may look like a valid key. */
export function keyOf(request: FastifyRequest): string {
  const { rawHeaders } = request.raw;
  const lines = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'idempotency-key');
  const parsed = parseIdempotencyKey(lines);
  if ('problem' in parsed) throw new ApiError(parsed.problem, PROBLEM_ADVICE[parsed.problem]);
  return parsed.key;
}
