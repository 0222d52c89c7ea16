import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Signature } from '../../src/provider-inbox/is-signed';
import type { InboxRole, ProviderInbox, Receipt } from '../../src/provider-inbox/provider-inbox';
import { BODY_LIMIT } from '../body-limits';
import { ApiError } from '../plugins/problems';

const ROLES: readonly InboxRole[] = ['warehouse'];

const REFUSALS: Readonly<Record<Exclude<Receipt, 'received'> | 'forged', () => ApiError>> = {
  // The same for a tenant and a provider that do not exist, so that no answer gives them away.
  forged: () =>
    new ApiError(
      'unauthorized',
      'No provider of ours signed this: check address, secret and the three webhook- headers.',
      { headers: { 'www-authenticate': 'Signature' } },
    ),
  stale: () =>
    new ApiError(
      'invalid-request',
      'The webhook was signed more than five minutes ago, or ahead of time: check the clock, and sign it anew.',
    ),
  // The same for an order of another tenant.
  unknown: () => new ApiError('not-found', 'There is no such key.'),
};

const Problem = Type.Ref('Problem');

/** `/v1/providers/:tenant/:role/webhook`: a provider says that something may have changed. */
export const providerWebhookRoutes: FastifyPluginAsyncTypebox<{ providerInbox: ProviderInbox }> = async (
  app,
  { providerInbox },
) => {
  app.post(
    '/v1/providers/:tenant/:role/webhook',
    {
      bodyLimit: BODY_LIMIT.sentence,
      // Nobody learns what a webhook looks like who cannot sign one.
      attachValidation: true,
      config: { access: 'public', keepsBody: false },
      schema: {
        summary:
          'For providers, signed as in Standard Webhooks: the state of a key may have changed. It decides nothing; we ask',
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
          { additionalProperties: true },
        ),
        response: { 200: Type.Object({ received: Type.Boolean() }), 401: Problem, 404: Problem },
      },
    },
    async ({ params, headers, body, rawBody, validationError }) => {
      const signature = signatureOf(headers);
      const sender = signature && providerInbox.senderOf(params, signature, rawBody ?? Buffer.alloc(0));
      if (!sender) throw REFUSALS.forged();
      if (validationError) throw validationError;
      const receipt = await providerInbox.receive(sender, signature, body.key);
      if (receipt !== 'received') throw REFUSALS[receipt]();
      return { received: true };
    },
  );
};

const LONGEST_ID = 200;
const SECONDS = /^[0-9]{1,12}$/;

/** Undefined if it cannot have been signed. */
function signatureOf(headers: IncomingHttpHeaders): Signature | undefined {
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`]);
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return undefined;
  if (typeof timestamp !== 'string' || !SECONDS.test(timestamp) || typeof signature !== 'string') return undefined;
  return { id, timestamp: Number(timestamp), signature };
}
