import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify';
import { Type } from '@sinclair/typebox';
import type { ProtocolRole } from '../../adapters/http/protocol/protocol';
import { refuseNesting } from './refuse-nesting';
import { CARRIER } from './carrier';
import { faultRoutes } from './fault-routes';
import { Faults } from './faults';
import { INVENTORY } from './inventory';
import { journalRoutes } from './journal-routes';
import { LOYALTY } from './loyalty';
import { MAIL } from './mail';
import { notify } from './notices';
import type { AnyOperation } from './operation';
import { paymentPageRoutes } from './payment-page-routes';
import { PAYMENTS } from './payments';
import { Provider } from './provider';
import { providerRoutes } from './provider-routes';
import { WAREHOUSE } from './warehouse';
import { WebhookReceiver } from './webhook-receiver';
import { webhookRoutes } from './webhook-routes';

/** For receiving a whole request: bodies are a few hundred bytes. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface SandboxOptions {
  /** Journals are in its `sandbox/`; existing ones are read at start. One process at a time. */
  readonly dataDir: string;
  readonly logger?: FastifyBaseLogger;
  /** `whsec_…`: providers are called with signatures only, and sign their webhooks with it. */
  readonly secret?: string;
  /** Where webhooks go. May throw as long as there is no API. */
  readonly apiUrl?: () => string;
}

const PROVIDERS = {
  payments: PAYMENTS,
  inventory: INVENTORY,
  warehouse: WAREHOUSE,
  mail: MAIL,
  loyalty: LOYALTY,
  carrier: CARRIER,
} as const satisfies Record<ProtocolRole, readonly AnyOperation[]>;

/** The sandbox providers and a webhook receiver as one HTTP server, which does not listen yet. */
export function buildSandbox({ dataDir, logger, secret, apiUrl }: SandboxOptions): FastifyInstance {
  const app = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Otherwise an idle client would hold the process for a minute. Calls still open are slow ones, which have not acted.
    forceCloseConnections: true,
    // A misspelled or mistyped field is a bug of the caller: it is neither dropped nor coerced.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  });
  refuseNesting(app);
  const closing = new AbortController();
  // As many calls may be slow at the same time as there are orders under way.
  setMaxListeners(0, closing.signal);

  const faults = new Faults();
  const surroundings = {
    directory: join(dataDir, 'sandbox'),
    faults,
    pause: (ms: number) => pauseFor(ms, undefined, { signal: closing.signal }),
    notify: async (role: ProtocolRole, key: string) => {
      if (secret !== undefined && apiUrl) await notify(role, key, { secret, apiUrl, signal: closing.signal, faults });
    },
    warn: (sentence: string) => app.log.warn(sentence),
  };
  const providers = (Object.keys(PROVIDERS) as ProtocolRole[]).map(
    (role) => new Provider(role, PROVIDERS[role], surroundings),
  );
  const receiver = new WebhookReceiver(surroundings);

  for (const provider of providers) void app.register(providerRoutes(provider, secret));
  for (const provider of providers.filter(({ name }) => name === 'payments'))
    void app.register(paymentPageRoutes(provider));
  void app.register(webhookRoutes(receiver));
  void app.register(faultRoutes(faults, [...providers, receiver], { canNotify: secret !== undefined }));
  void app.register(journalRoutes([...providers, receiver]));
  app.get('/healthz', { schema: { response: { 200: Type.Object({ status: Type.Literal('ok') }) } } }, async () => ({
    status: 'ok',
  }));

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, 'a call failed');
    return reply.code(status).send({ code: error.code ?? 'failed', message: error.message });
  });
  // A slow call that is cut short has not acted yet, and must not act on a closed journal.
  app.addHook('preClose', async () => closing.abort());
  app.addHook('onClose', async () => [...providers, receiver].forEach(({ journal }) => journal.close()));
  return app;
}
