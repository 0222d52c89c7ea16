const at = (protocol: string, host: string, description: string) => ({
  protocol,
  host: '{host}',
  variables: { host: { default: host, description } },
});

/** Where events go: one channel for each sink that consumers read. The addresses are the defaults. */
export const CHANNELS = {
  redis: {
    server: at('redis', 'localhost:6379', 'The server in `REDIS_URL`'),
    channel: {
      address: 'checkout-events',
      title: 'Redis stream',
      description: 'Named by `REDIS_STREAM`. An entry has two fields: `id`, the event id, and `event`, this message.',
    },
    mode: 'structured',
  },
  kafka: {
    server: at('kafka', 'localhost:9092', 'A broker in `KAFKA_BROKERS`'),
    channel: {
      address: 'checkout-events',
      title: 'Kafka topic',
      description:
        'Named by `KAFKA_TOPIC`. The key is the checkout id, so the events of a checkout stay in one partition.',
    },
    mode: 'binary',
  },
  nats: {
    server: at('nats', 'localhost:4222', 'The server in `NATS_URL`'),
    channel: {
      address: 'checkout.events.{checkoutId}',
      title: 'JetStream subjects',
      description: 'In the stream named by `NATS_STREAM`. `Nats-Msg-Id` is the event id.',
      parameters: { checkoutId: { description: 'The subject of the event' } },
    },
    mode: 'structured',
  },
  webhooks: {
    server: at('https', 'shop.example.com', 'The endpoint registered with `POST /v1/webhooks`'),
    channel: {
      address: null,
      title: 'Webhook endpoints of the tenant',
      description: 'A POST, signed according to Standard Webhooks. `webhook-id` is the event id.',
    },
    mode: 'structured',
  },
} as const;
