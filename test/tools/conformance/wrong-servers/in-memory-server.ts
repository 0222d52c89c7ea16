import { setTimeout as rest } from 'node:timers/promises';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemCode } from '../../../../api/problem-codes';
import { CheckoutRequestSchema } from '../../../../api/schemas/checkout-request';
import type { CheckoutRequestBody } from '../../../../api/schemas/checkout-request';
import { STRING_FORMATS } from '../../../../api/schemas/text';
import { SANDBOX_API_KEYS } from '../../../../src/domain/api-keys';
import { fingerprintOf } from '../../../../src/idempotency/fingerprint';
import { parseIdempotencyKey } from '../../../../src/idempotency/key';
import { jsonAnswer } from '../../../../src/idempotency/stored-answer';
import type { StoredAnswer } from '../../../../src/idempotency/stored-answer';
import { healthyClaims } from './claims';
import type { Claims } from './claims';
import { problem, runInMemory } from './in-memory-checkout';
import type { InMemoryCheckout } from './in-memory-checkout';

/** A real handler would wait this long for a database or a provider. */
export const HANDLER_MS = 20;

/** What a server may get wrong; by default it is correct. */
export interface Defect {
  readonly claims?: Claims<InMemoryCheckout>;
  readonly nameOf?: (tenant: string, key: string) => string;
  readonly fingerprint?: (body: unknown) => string;
  /** Gives the answer to a wait for the customer again, instead of the outcome. */
  readonly keepsWaits?: boolean;
}

/** The HTTP contract of `POST /v1/checkouts` and its GET, in memory, with at most one defect. */
export function inMemoryServer(defect: Defect = {}): FastifyInstance {
  const {
    claims = healthyClaims(),
    nameOf = (tenant, key) => `${tenant}/${key}`,
    fingerprint = (body) => fingerprintOf({ operation: 'place', version: '1', body }).toString('hex'),
  } = defect;
  const checkouts = new Map<string, InMemoryCheckout>();
  const waits = new Map<string, StoredAnswer>();
  const app = fastify({
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, formats: STRING_FORMATS },
    },
  });

  app.setNotFoundHandler((_request, reply) => send(reply, problem('not-found')));
  app.setErrorHandler<FastifyError>((error, _request, reply) => send(reply, problem(codeOf(error))));
  app.addHook('onRequest', async (request, reply) => {
    const caller = callerOf(request);
    if (!caller) return send(reply, problem('unauthorized'));
    return request.method === 'POST' && caller.scope !== 'merchant' ? send(reply, problem('forbidden')) : undefined;
  });

  app.post<{ Body: CheckoutRequestBody }>(
    '/v1/checkouts',
    { schema: { body: CheckoutRequestSchema } },
    async (request, reply) => {
      const parsed = parseIdempotencyKey(request.raw.headersDistinct['idempotency-key'] ?? []);
      if ('problem' in parsed) {
        return send(reply.header('link', '</docs#idempotency-key>; rel="describedby"'), problem(parsed.problem));
      }
      const tenant = callerOf(request)?.tenant ?? '';
      const asked = fingerprint(request.body);
      const { claim, first } = await claims(nameOf(tenant, parsed.key), asked, async () => {
        await rest(HANDLER_MS);
        const checkout = runInMemory(tenant, request.body);
        checkouts.set(checkout.id, checkout);
        return checkout;
      });
      if (claim.fingerprint !== asked) return send(reply, problem('idempotency-key-reused'));
      const { result } = claim;
      const seconds = Number(/^wait=(\d+)$/.exec(String(request.headers.prefer))?.[1] ?? 0);
      const kept = defect.keepsWaits ? waits.get(result.id) : undefined;
      if (seconds > 0 && (kept ?? result.isAsking())) {
        const wait = kept ?? jsonAnswer(202, result.view(), { 'retry-after': '2', 'cache-control': 'no-store' });
        waits.set(result.id, wait);
        return send(reply.header('preference-applied', 'respond-async'), wait);
      }
      if (!first) void reply.header('idempotent-replayed', 'true');
      if (seconds === 0) return send(reply, result.acceptance);
      const outcome = await Promise.race([result.outcome, rest(seconds * 1_000, undefined, { ref: false })]);
      void reply.header('preference-applied', outcome ? `wait=${seconds}` : 'respond-async');
      return send(reply, outcome ?? result.acceptance);
    },
  );

  app.post<{ Params: { id: string } }>('/v1/checkouts/:id/cancel', async (request, reply) => {
    checkouts.get(request.params.id)?.cancel();
    return reply.code(202).send({});
  });

  app.get<{ Params: { id: string } }>('/v1/checkouts/:id', async (request, reply) => {
    const checkout = checkouts.get(request.params.id);
    return checkout?.tenant === callerOf(request)?.tenant ? checkout?.view() : send(reply, problem('not-found'));
  });
  return app;
}

const callerOf = ({ headers }: FastifyRequest) =>
  SANDBOX_API_KEYS[(headers.authorization ?? '').replace('Bearer ', '')];

const send = (reply: FastifyReply, { status, headers, body }: StoredAnswer): FastifyReply =>
  reply.code(status).headers(headers).send(body);

function codeOf(error: FastifyError): ProblemCode {
  if (error.validation) return 'invalid-request';
  if (error.statusCode === 415) return 'unsupported-media-type';
  return error.statusCode === 400 ? 'invalid-json' : 'internal-error';
}
