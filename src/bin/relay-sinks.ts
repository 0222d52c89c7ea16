import type { Sink } from '../outbox/sink';
import { redisStreamSink } from '../outbox/sinks/redis-stream';
import { settlementSink } from '../outbox/sinks/settlement';
import { webhooksSink } from '../outbox/sinks/webhooks';
import type { ProviderOf } from '../ports/providers';
import type { Database } from '../postgres/database';
import type { DatabaseClock } from '../postgres/database-clock';
import type { Config } from '../runtime/config';
import { EndpointDirectory } from '../webhooks/endpoint-directory';
import { webhookSender } from '../webhooks/send';

interface Parts {
  readonly config: Config;
  readonly db: Database;
  /** Measured before a sink delivers anything. */
  readonly clock: DatabaseClock;
  /** Called if the relay captures payments. */
  readonly providers: () => Promise<{ readonly providerOf: ProviderOf }>;
}

/** Whether a sink is configured, and how to open it. A broker's client is loaded only if that broker is configured. */
interface Known {
  readonly isSet: boolean;
  readonly open: () => Promise<Sink>;
}

const knownSinks = ({ config, db, clock, providers }: Parts): Readonly<Record<string, Known>> => ({
  redis: {
    isSet: !['', 'off'].includes(config.REDIS_URL),
    open: async () => redisStreamSink({ url: config.REDIS_URL, stream: config.REDIS_STREAM }),
  },
  kafka: {
    isSet: config.KAFKA_BROKERS !== '',
    open: async () => {
      const { kafkaSink } = await import('../outbox/sinks/kafka.js');
      return kafkaSink({ brokers: config.KAFKA_BROKERS.split(','), topic: config.KAFKA_TOPIC });
    },
  },
  nats: {
    isSet: config.NATS_URL !== '',
    open: async () => {
      const { natsSink } = await import('../outbox/sinks/nats.js');
      return natsSink({ url: config.NATS_URL, stream: config.NATS_STREAM });
    },
  },
  webhooks: {
    isSet: true,
    open: async () =>
      webhooksSink({
        endpoints: new EndpointDirectory(db, () => performance.now()),
        send: webhookSender({ allowPrivate: config.WEBHOOK_PRIVATE_ADDRESSES === 'allow', now: () => clock.now() }),
      }),
  },
  settlement: {
    isSet: true,
    open: async () => {
      const { providerOf } = await providers();
      const { ATTENTION_AFTER: attentionAfter } = config;
      return settlementSink({ db, providerOf, ...(attentionAfter !== '' && { attentionAfter }) });
    },
  },
});

/** Opens the sinks that are configured, or those of them that `SINKS` names. */
export async function openSinks(parts: Parts): Promise<Sink[]> {
  const { config } = parts;
  const known = knownSinks(parts);
  const named = config.SINKS === '' ? undefined : config.SINKS.split(',');
  for (const name of named ?? []) {
    if (!known[name]?.isSet) throw new Error(`SINKS names ${name}, but its address is not set: see .env.example`);
  }
  const chosen = Object.entries(known).filter(([name, { isSet }]) => isSet && (named?.includes(name) ?? true));
  return Promise.all(chosen.map(([, { open }]) => open()));
}
