const at = (protocol: string, host: string, description: string) => ({
  protocol,
  host: '{host}',
  variables: { host: { default: host, description } },
});

/** Where events go: one for each sink that takes them to other people's programs. The addresses are those that hold without settings. */
export const CHANNELS = {
  redis: {
    server: at('redis', 'localhost:6379', 'That of `REDIS_URL`'),
    channel: {
      address: 'checkout-events',
      title: 'Redis stream',
      description:
        'Named by `REDIS_STREAM`. An entry has the fields `id`, the id of the event, and `event`, this message.',
    },
    mode: 'structured',
  },
  kafka: {
    server: at('kafka', 'localhost:9092', 'One of `KAFKA_BROKERS`'),
    channel: {
      address: 'checkout-events',
      title: 'Kafka topic',
      description: 'Named by `KAFKA_TOPIC`. The key is the checkout, whose events stay in one partition.',
    },
    mode: 'binary',
  },
  nats: {
    server: at('nats', 'localhost:4222', 'That of `NATS_URL`'),
    channel: {
      address: 'checkout.events.{checkoutId}',
      title: 'JetStream subjects',
      description: 'In the stream named by `NATS_STREAM`. `Nats-Msg-Id` is the id of the event.',
      parameters: { checkoutId: { description: 'The subject of the event' } },
    },
    mode: 'structured',
  },
  webhooks: {
    server: at('https', 'shop.example.com', 'Of the endpoint, as registered with `POST /v1/webhooks`'),
    channel: {
      address: null,
      title: 'Webhook endpoints of the tenant',
      description: 'A POST, signed as Standard Webhooks says. `webhook-id` is the id of the event.',
    },
    mode: 'structured',
  },
} as const;
