import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { FastifyRequest } from 'fastify';
import type { OwnServer } from '../own-server';
import { startLocalstripe } from './localstripe';

interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const WITH_A_STATE = /^\/v1\/payment_intents\/[^/]+\/(confirm|capture|cancel)$/;

/**
 * A localstripe that takes requests of today: it does not know which payment methods may redirect, cannot be given one at the confirmation,
 * does not say how much is held, and has no codes for the wrong state. What becomes of a payment, it decides alone.
 */
export async function startModernLocalstripe() {
  const localstripe = await startLocalstripe();
  const app = fastify({ forceCloseConnections: true });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  );
  app.all('/*', async (request, reply) => {
    const { status, body } = modern(request.url, await forwarded(localstripe, request));
    return reply.code(status).send(body);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    close: async () => {
      await app.close();
      await localstripe.stop();
    },
  };
}

async function forwarded(localstripe: OwnServer, { method, url, headers, body }: FastifyRequest): Promise<Told> {
  const params = new URLSearchParams((body as string | null) ?? '');
  const send = async (to: string, how: string, form?: URLSearchParams): Promise<Told> => {
    const answered = await fetch(`http://${localstripe.address}${to}`, {
      method: how,
      headers: { authorization: headers.authorization ?? '' },
      ...(form && form.size > 0 && { body: form }),
    });
    return { status: answered.status, body: (await answered.json()) as Told['body'] };
  };

  for (const name of [...params.keys()]) if (name.startsWith('automatic_payment_methods')) params.delete(name);
  if (!url.endsWith('/confirm')) return send(url, method, params);

  const intent = url.slice(0, -'/confirm'.length);
  const wanted = new URLSearchParams({ payment_method: params.get('payment_method') ?? '' });
  const { body: before } = await send(intent, 'GET');
  if (before['status'] === 'requires_payment_method') await send(intent, 'POST', wanted);
  return send(url, method);
}

function modern(url: string, { status, body }: Told): Told {
  if (status === 400 && WITH_A_STATE.test(url))
    return { status, body: { error: { ...(body['error'] as object), code: 'payment_intent_unexpected_state' } } };
  if (body['object'] !== 'payment_intent') return { status, body };
  const { amount, status: state } = body;
  const amounts = {
    amount_capturable: state === 'requires_capture' ? amount : 0,
    amount_received: state === 'succeeded' ? amount : 0,
  };
  return { status, body: { ...body, ...amounts } };
}
