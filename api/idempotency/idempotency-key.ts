import type { FastifyReply, FastifyRequest, preValidationHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { KeyExpired, KeyInUse } from '../../src/idempotency/claims';
import { fingerprintOf } from '../../src/idempotency/fingerprint';
import type { CachedAnswer, ReplayCache } from '../../src/idempotency/replay-cache';
import type { StoredAnswer } from '../../src/idempotency/stored-answer';
import { callerOf } from '../plugins/auth';
import type { IdempotentOperation } from './idempotent-operation';
import { keyOf } from './key-of-request';
import { waitOf } from '../plugins/prefer';
import { ApiError, PROBLEM_ADVICE } from '../plugins/problems';
import { RecentReplays } from './recent-replays';
import { SingleFlight } from './single-flight';
import { strictJsonParser } from '../plugins/strict-json';
import { traceparentOf } from '../plugins/traceparent';

export interface IdempotencyKeyOptions {
  /** Holds answers that never change: the answers are the same with and without it. */
  cache: ReplayCache;
  now: () => number;
}

type Handler<Body> = (request: FastifyRequest<{ Body: Body }>, reply: FastifyReply) => Promise<FastifyReply>;

declare module 'fastify' {
  interface FastifyInstance {
    /** The hook and the handler of a route that repeats the bytes of the key's first answer. */
    idempotent<Body>(operation: IdempotentOperation<Body>): {
      preValidation: preValidationHookHandler;
      handler: Handler<Body>;
    };
  }
  interface FastifyRequest {
    /** The body as it came, and the answer that this process has already given to these bytes. */
    rawBody: Buffer | null;
    recentAnswer: StoredAnswer | null;
  }
}

/**
 * `Idempotency-Key` for any route: `app.post(path, { schema, ...app.idempotent(operation) })`. The body must be validated without defaults and
 * coercion, because its fingerprint is taken from it as it came. `Prefer: wait=N` asks for the outcome.
 */
export const idempotencyKey = fp<IdempotencyKeyOptions>(
  async (app, { cache, now }) => {
    const recent = new RecentReplays(now);
    app.decorateRequest('rawBody', null);
    app.decorateRequest('recentAnswer', null);

    const parse = strictJsonParser(app);
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      request.rawBody = body;
      request.recentAnswer = (request.caller && recent.find(nameOf(request), body)) ?? null;
      if (request.recentAnswer) done(null);
      else parse(request, body, done);
    });

    app.decorate('idempotent', <Body>(operation: IdempotentOperation<Body>) => {
      const answer = (request: FastifyRequest, reply: FastifyReply, found: Found, how: How): FastifyReply => {
        if (request.rawBody) recent.remember(nameOf(request), request.rawBody, found);
        return send(reply, found.answer, how);
      };

      const inFlight = new SingleFlight();
      const handler: Handler<Body> = async (request, reply) => {
        const identity = { tenant: callerOf(request).tenant, operation: operation.name, key: keyOf(request) };
        const body = request.body as Body;
        const fingerprint = fingerprintOf({ operation: operation.name, version: operation.version, body });
        const wait = waitOf(request.headers.prefer);

        const cached = await cache.get(wait > 0 ? 'outcome' : 'acceptance', identity);
        if (cached) {
          refuseReused(cached.fingerprint, fingerprint);
          return answer(request, reply, cached, { replayed: true, applied: applied(wait) });
        }

        const { claim, first } = await inFlight
          .join(`${nameOf(request)}\n${fingerprint.toString('hex')}`, () =>
            operation.claim({
              ...identity,
              fingerprint,
              body,
              traceparent: traceparentOf(request.headers['traceparent']),
            }),
          )
          .catch(translated);
        // Before anything else about the key: nobody may get the answer to a different request.
        refuseReused(claim.fingerprint, fingerprint);
        if (claim.forgotten) throw expired(claim.acceptance.headers['location']);
        const goodForMs = claim.copyableMs;
        const acceptance = { fingerprint, answer: claim.acceptance, goodForMs };
        cache.set('acceptance', identity, acceptance);
        if (wait === 0) return answer(request, reply, acceptance, { replayed: !first, applied: undefined });

        const signal = hangUpOf(reply);
        const outcome = await operation.outcome(claim, { waitMs: wait * 1_000, signal }).catch((err: unknown) => {
          // The acceptance is a true answer too, and the client gets the outcome by asking again.
          request.log.error({ err }, 'cannot read the outcome');
          return undefined;
        });
        // Not remembered: the next request may find an outcome.
        if (!outcome) return send(reply, claim.acceptance, { replayed: !first, applied: 'respond-async' });
        if (!outcome.final) return send(reply, outcome.answer, { replayed: false, applied: 'respond-async' });
        const found = { fingerprint, answer: outcome.answer, goodForMs };
        cache.set('outcome', identity, found);
        return answer(request, reply, found, { replayed: !first, applied: applied(wait) });
      };

      return {
        preValidation: (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
          if (!request.recentAnswer) return done();
          const how = { replayed: true, applied: applied(waitOf(request.headers.prefer)) };
          void send(reply, request.recentAnswer, how);
        },
        handler,
      };
    });
  },
  { name: 'idempotency-key', dependencies: ['auth', 'problems'] },
);

type Found = Pick<CachedAnswer, 'answer' | 'goodForMs'>;

interface How {
  replayed: boolean;
  applied: string | undefined;
}

const applied = (wait: number): string | undefined => (wait > 0 ? `wait=${wait}` : undefined);

/** A request with two `Idempotency-Key` lines gets a name under which nothing is ever remembered. */
function nameOf({ caller, routeOptions, headers }: FastifyRequest): string {
  const kind = waitOf(headers.prefer) > 0 ? 'outcome' : 'acceptance';
  return `${caller?.tenant}\n${routeOptions.url}\n${kind}\n${String(headers['idempotency-key'])}`;
}

function refuseReused(claimedFor: Buffer, fingerprint: Buffer): void {
  if (claimedFor.equals(fingerprint)) return;
  throw new ApiError('idempotency-key-reused', PROBLEM_ADVICE['idempotency-key-reused']);
}

function hangUpOf(reply: FastifyReply): AbortSignal {
  const hangUp = new AbortController();
  reply.raw.once('close', () => hangUp.abort());
  return hangUp.signal;
}

function send(reply: FastifyReply, { status, headers, body }: StoredAnswer, { replayed, applied }: How): FastifyReply {
  if (replayed) void reply.header('idempotent-replayed', 'true');
  if (applied !== undefined) void reply.header('preference-applied', applied);
  // As text, because Node then writes head and body in one go. What we store is UTF-8, so the bytes are the same.
  return reply.code(status).headers(headers).send(body.toString());
}

const expired = (location: string | undefined, cause?: unknown): ApiError =>
  new ApiError('idempotency-key-expired', PROBLEM_ADVICE['idempotency-key-expired'], {
    headers: location === undefined ? {} : { location },
    cause,
  });

function translated(error: unknown): never {
  if (error instanceof KeyExpired) throw expired(error.location, error);
  if (!(error instanceof KeyInUse)) throw error;
  throw new ApiError('idempotency-key-in-use', PROBLEM_ADVICE['idempotency-key-in-use'], {
    headers: { 'retry-after': '1' },
    cause: error,
  });
}
