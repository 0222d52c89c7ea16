import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NO_SUCH_PAGE, PAGE_HEADERS, paymentPage } from './payment-page';
import { AUTHORIZE, DECISIONS } from './payments';
import type { Provider } from './provider';

export const pathOfPage = (page: string): string => `/approve-payment/${page}`;

const Page = Type.String({ pattern: '^[a-z0-9_]{1,100}$' });
const Decision = Type.Union([Type.Literal('approve'), Type.Literal('decline')]);

/** What has become of the payment once this decision counts. */
const DECIDED = { approve: 'authorized', decline: 'declined' } as const;

/** The page at which a customer approves or declines a payment; a program may post its forms as well. */
export const paymentPageRoutes =
  (provider: Provider): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8');
    });
    // The forms have no fields.
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async () => ({}));

    app.get(pathOfPage(':page'), { schema: { params: Type.Object({ page: Page }) } }, async ({ params }, reply) => {
      const key = provider.keyOfPage(params.page);
      if (key === undefined) return reply.code(404).send(NO_SUCH_PAGE);
      return reply.send(paymentPage(pathOfPage(params.page), provider.standing(AUTHORIZE, key)));
    });

    const params = Type.Object({ page: Page, decision: Decision });
    app.post(`${pathOfPage(':page')}/:decision`, { schema: { params } }, async (request, reply) => {
      const { page, decision } = request.params;
      const key = provider.keyOfPage(page);
      if (key === undefined) return reply.code(404).send(NO_SUCH_PAGE);
      provider.conclude(AUTHORIZE, key, DECISIONS[decision]);
      const standing = provider.standing(AUTHORIZE, key);
      const counts = standing.settled?.outcome === DECIDED[decision] && !(standing.closed && decision === 'approve');
      // Back to the page, which a reload may then ask for again. What was decided otherwise is a conflict, and says how.
      if (counts) return reply.redirect(pathOfPage(page), 303);
      return reply.code(409).send(paymentPage(pathOfPage(page), standing));
    });
  };
