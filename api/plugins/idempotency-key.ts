import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { KeyInUse } from '../../src/idempotency/claims';
import type { Claim } from '../../src/idempotency/claims';
import { parseIdempotencyKey } from '../../src/idempotency/key';
import type { StoredAnswer } from '../../src/idempotency/stored-answer';
import { callerOf } from './auth';
import { ApiError, PROBLEM_ADVICE } from './problems';

/** A route that does its work once for a tenant and key. It knows how; the plugin knows the contract of the header. */
export interface IdempotentOperation<Body> {
  /** Takes the key and does the work, or finds the claim that has the key. Must be safe to call again. */
  claim(request: { tenant: string; key: string; body: Body }): Promise<Claimed>;
}

export interface Claimed {
  readonly claim: Claim;
  /** What this request is; the claim's own fingerprint is what the key was taken for. */
  readonly fingerprint: Buffer;
  readonly first: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** A handler that answers with the bytes the key was first answered with. */
    idempotent<Body>(
      operation: IdempotentOperation<Body>,
    ): (request: FastifyRequest<{ Body: Body }>, reply: FastifyReply) => Promise<FastifyReply>;
  }
}

/**
 * `Idempotency-Key` for any route: `app.post(path, { schema, handler: app.idempotent({ claim }) })`. The key is read
 * from the raw lines, because Node joins two headers into one that may look like a valid key.
 */
export const idempotencyKey = fp(
  async (app) => {
    app.decorate('idempotent', <Body>(operation: IdempotentOperation<Body>) => {
      return async (request: FastifyRequest<{ Body: Body }>, reply: FastifyReply) => {
        const key = keyOf(request);
        const { claim, fingerprint, first } = await operation
          .claim({ tenant: callerOf(request).tenant, key, body: request.body as Body })
          .catch(rejectInUse);
        // Before anything else about the key: somebody else's answer must not leave the house.
        if (!claim.fingerprint.equals(fingerprint)) {
          throw new ApiError('idempotency-key-reused', PROBLEM_ADVICE['idempotency-key-reused']);
        }
        if (!first) void reply.header('idempotent-replayed', 'true');
        return send(reply, claim.acceptance);
      };
    });
  },
  { name: 'idempotency-key', dependencies: ['auth', 'problems'] },
);

function keyOf(request: FastifyRequest): string {
  const { rawHeaders } = request.raw;
  const lines = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'idempotency-key');
  const parsed = parseIdempotencyKey(lines);
  if ('problem' in parsed) throw new ApiError(parsed.problem, PROBLEM_ADVICE[parsed.problem]);
  return parsed.key;
}

const send = (reply: FastifyReply, { status, headers, body }: StoredAnswer): FastifyReply =>
  reply.code(status).headers(headers).send(body);

function rejectInUse(error: unknown): never {
  if (!(error instanceof KeyInUse)) throw error;
  throw new ApiError('idempotency-key-in-use', PROBLEM_ADVICE['idempotency-key-in-use'], {
    headers: { 'retry-after': '1' },
    cause: error,
  });
}
