import type { FastifyPluginAsync } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { processOnce } from '../../src/outbox/inbox';
import type { Database, Transaction } from '../../src/postgres/database';

export interface CheckoutEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

export interface WebhookConsumerOptions {
  readonly db: Database;
  readonly secret: string;
  /** Changes the consumer's rows; whatever it does is rolled back with the transaction. */
  readonly apply: (tx: Transaction, event: CheckoutEvent) => Promise<void>;
}

/** The same as in the Standard Webhooks libraries. */
const TOLERANCE_MS = 5 * 60_000;

/** How a shop receives webhooks: nothing forged, nothing stale, nothing twice. */
export const webhookConsumer: FastifyPluginAsync<WebhookConsumerOptions> = async (app, { db, secret, apply }) => {
  // The signature covers the bytes that came, not what they mean.
  app.addContentTypeParser('application/cloudevents+json', { parseAs: 'string' }, (_request, raw, done) =>
    done(null, raw),
  );

  app.post<{ Body: string }>('/hooks', async (request, reply) => {
    const sentAtMs = Number(request.headers['webhook-timestamp']) * 1_000;
    if (!(Math.abs(Date.now() - sentAtMs) <= TOLERANCE_MS)) return reply.code(400).send({ message: 'Stale' });

    const event = verified(request.body, request.headers as Record<string, string>, secret);
    if (!event) return reply.code(401).send({ message: 'Invalid signature' });

    // A replay within the five minutes, and a delivery whose answer was lost, find the row of the first one.
    await db.transaction(async (tx) => {
      if (await processOnce(tx, 'shop', event.id)) await apply(tx, event);
    });
    return reply.code(204).send();
  });
};

function verified(body: string, headers: Record<string, string>, secret: string): CheckoutEvent | undefined {
  try {
    return new Webhook(secret).verify(body, headers) as CheckoutEvent;
  } catch {
    // Whatever is wrong with it, it is not ours.
    return undefined;
  }
}
