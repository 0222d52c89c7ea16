import type { FastifyInstance } from 'fastify';
import type { Payment } from './payment';

const html = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><main><h1>${title}</h1>${body}</main></html>`;

const QUESTION = html(
  'Your bank asks',
  ['approve', 'decline']
    .map(
      (act) =>
        `<form method="post" action="${act}"><button>${act === 'approve' ? 'Approve' : 'Decline'}</button></form>`,
    )
    .join(''),
);
const OVER = html('Nothing to approve', '<p>This payment is no longer waiting for you.</p>');

/** The bank's page of one authentication, like 3-D Secure: only its first answer counts. */
export function addPages(app: FastifyInstance, paymentOf: (intent: string) => Payment | undefined): void {
  const route = '/authenticate/:intent/:authentication';
  type Place = { Params: { intent: string; authentication: string; act: string } };

  app.get<Place>(`${route}/`, async ({ params }, reply) => {
    const open = paymentOf(params.intent)?.authentication?.id === params.authentication;
    return reply
      .code(open ? 200 : 410)
      .type('text/html; charset=utf-8')
      .send(open ? QUESTION : OVER);
  });

  for (const verdict of ['approve', 'decline'] as const)
    app.post<Place>(`${route}/${verdict}`, async ({ params }, reply) => {
      const payment = paymentOf(params.intent);
      const returnUrl = payment?.authentication?.returnUrl;
      if (!payment?.authenticate(params.authentication, verdict))
        return reply.code(410).type('text/html; charset=utf-8').send(OVER);
      if (returnUrl === undefined) return reply.type('text/html; charset=utf-8').send(html('Thank you', ''));
      const back = new URL(returnUrl);
      back.searchParams.set('payment_intent', payment.intent.id);
      back.searchParams.set('payment_intent_client_secret', payment.intent.client_secret);
      back.searchParams.set('redirect_status', payment.intent.status === 'requires_capture' ? 'succeeded' : 'failed');
      return reply.redirect(String(back), 303);
    });
}
