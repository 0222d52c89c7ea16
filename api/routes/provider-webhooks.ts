import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { ProviderInbox } from '../../src/provider-inbox/provider-inbox';
import type { InboxRole } from '../../src/provider-inbox/senders';
import type { Receipt } from '../../src/provider-inbox/webhook-count';
import { BODY_LIMIT } from '../body-limits';
import { ApiError } from '../plugins/problems';

const ROLES: readonly InboxRole[] = ['payments', 'warehouse'];

const REFUSALS: Readonly<Partial<Record<Receipt, () => ApiError>>> = {
  // The same for a tenant and a provider that do not exist, so that no answer gives them away.
  forged: () =>
    new ApiError(
      'unauthorized',
      'No provider of ours signed this: check address, secret and the headers that sign it.',
      {
        headers: { 'www-authenticate': 'Signature' },
      },
    ),
  stale: () =>
    new ApiError(
      'invalid-request',
      'The webhook was signed more than five minutes ago, or ahead of time: check the clock, and sign it anew.',
    ),
  'other-tenant': () => new ApiError('not-found', 'No order that began at this provider has such a key.'),
};

const Problem = Type.Ref('Problem');

/** `/v1/providers/:tenant/:role/webhook`: a provider says that something may have changed. */
export const providerWebhookRoutes: FastifyPluginAsyncTypebox<{ providerInbox: ProviderInbox }> = async (
  app,
  { providerInbox },
) => {
  // The bytes are what was signed, and each vendor writes them in its own way: nobody parses what is not genuine.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));

  app.post(
    '/v1/providers/:tenant/:role/webhook',
    {
      bodyLimit: BODY_LIMIT.webhook,
      config: { access: 'public', keepsBody: false },
      // What follows is for the documentation: to a stranger, everything that is wrong is a forgery.
      validatorCompiler: () => () => true,
      schema: {
        summary: 'For providers, signed: the state of a key may have changed. It decides nothing; we ask',
        security: [],
        params: Type.Object({
          tenant: Type.String({
            pattern: '^(-|[a-z0-9][a-z0-9-]{0,62})$',
            description: 'Whose provider it is; `-` for one that serves every tenant without its own',
          }),
          role: Type.Unsafe<InboxRole>({ type: 'string', enum: [...ROLES] }),
        }),
        body: Type.Object(
          {
            key: Type.String({
              pattern: '^chk_[0-9a-f]{32}:[a-z-]{1,50}$',
              description: 'The `Idempotency-Key` of our call',
              examples: ['chk_9f2c4e6a8b0d1f3557799bbdd1f3e5a7:fulfillment-triggered'],
            }),
          },
          { additionalProperties: true, description: 'Of a provider that speaks our protocol; others send their own' },
        ),
        response: {
          200: Type.Object({
            received: Type.Boolean({ description: 'False if it is about nothing of ours, and so has no effect' }),
          }),
          ...{ 400: Problem, 401: Problem, 404: Problem },
        },
      },
    },
    async ({ params, headers, body }) => {
      const bytes: unknown = body;
      const receipt = await providerInbox.receive(params, headers, Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0));
      const refusal = REFUSALS[receipt];
      if (refusal) throw refusal();
      return { received: receipt !== 'unknown' };
    },
  );
};
