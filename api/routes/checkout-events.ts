import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Checkouts } from '../../src/checkouts/checkouts';
import type { EventFeed } from '../../src/checkouts/event-feed';
import { EventStream } from '../event-stream/event-stream';
import { callerOf } from '../plugins/auth';
import { ApiError } from '../plugins/problems';
import { pathId } from '../schemas/text';
import type { StreamLimits } from '../event-stream/stream-limits';

/** Some hundred events: a client that reads at all is never this far behind. */
const MOST_BEHIND_BYTES = 64 * 1024;
/** Proxies close connections that are silent for half a minute or longer, and our own server does after a minute. */
const KEEP_ALIVE_MS = 15_000;

export interface CheckoutEventsOptions {
  checkouts: Pick<Checkouts, 'read'>;
  events: Pick<EventFeed, 'isOver' | 'follow'>;
  seats: StreamLimits;
  streamLimits?: { readonly mostBehindBytes?: number; readonly keepAliveMs?: number };
}

const DESCRIPTION = `First a \`checkout\` event: the checkout as \`GET /v1/checkouts/{id}\` shows it. Then one event for each committed change, with \`id\` = \`sequence\`, from 1, or from the one after \`Last-Event-ID\`:

\`\`\`
id: 2
event: payment.authorized
data: {"sequence":2,"type":"payment.authorized","at":"…","step":"payment-authorized","stepState":"done","data":{…}}
\`\`\`

\`step\` and \`stepState\` (\`done\`, \`undone\`, \`skipped\`) say which step changed, \`state\` what the checkout became; \`payment.awaiting-customer\` has \`nextAction\` while the customer is asked; new types may be added. The stream ends when the checkout has ended (\`checkout.completed\`, \`checkout.refused\`, \`checkout.cancelled\`) and all its events have been sent; \`payment.captured\` may follow the end, on the next stream. If the stream breaks before, open it again with the last \`id\` as \`Last-Event-ID\`: nothing is lost and nothing comes twice.`;

const Problem = Type.Ref('Problem');

/** `GET /v1/checkouts/:id/events`: what happens to a checkout, as it happens. */
export const checkoutEventsRoute: FastifyPluginAsyncTypebox<CheckoutEventsOptions> = async (app, options) => {
  const { checkouts, events, seats } = options;
  const { mostBehindBytes = MOST_BEHIND_BYTES, keepAliveMs = KEEP_ALIVE_MS } = options.streamLimits ?? {};
  const open = new Set<EventStream>();
  const heart = setInterval(() => {
    seats.compare();
    open.forEach((stream) => stream.keepAlive());
  }, keepAliveMs).unref();
  app.addHook('onClose', async () => clearInterval(heart));

  app.get(
    '/v1/checkouts/:id/events',
    {
      config: { access: 'any-key' },
      // A HEAD would hold a connection open and send nothing.
      exposeHeadRoute: false,
      schema: {
        summary: 'What happens to a checkout, as server-sent events',
        description: DESCRIPTION,
        params: Type.Object({ id: pathId() }),
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.String({ pattern: '^[0-9]{1,15}$', description: 'The last `id` that the client has seen' }),
          ),
        }),
        response: {
          200: { description: 'The stream', content: { 'text/event-stream': { schema: Type.Unknown() } } },
          204: Type.Null({
            description: 'The checkout has ended and `Last-Event-ID` was its last event: do not reconnect',
          }),
          404: Problem,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const after = Number(request.headers['last-event-id'] ?? 0);
      // The client hung up while its key was looked up: no event would tell us any more.
      if (request.raw.socket.destroyed) return reply.hijack();
      // Before the first await, so that a thousand concurrent clients are all counted.
      const seat = seats.take(caller.keyId, request.raw, reply.raw);

      const checkout = await checkouts.read(caller, id);
      // The same words for another tenant's checkout, so that no answer gives it away.
      if (!checkout) throw new ApiError('not-found', 'There is no checkout with this id.');
      if (after > 0 && (await events.isOver(id, after))) return reply.code(204).send(null);
      // Or since then.
      if (request.raw.socket.destroyed) return reply.hijack();

      const stream = new EventStream(reply, mostBehindBytes);
      stream.send([{ event: 'checkout', data: checkout }]);
      open.add(stream);
      const leave = events.follow(id, after, {
        scope: caller.scope,
        next: (page) => stream.send(page.map((data) => ({ id: data.sequence, event: data.type, data }))),
        end: () => stream.end(),
      });
      seat.onLeave(() => {
        leave();
        open.delete(stream);
      });
    },
  );
};
