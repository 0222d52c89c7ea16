import { list, oneOf, text } from './setting';

export const EVENTS = {
  SINKS: list('(redis|kafka|nats|webhooks|settlement)', {
    readBy: ['relay'],
    unit: 'some of `redis,kafka,nats,webhooks,settlement`',
    whenEmpty: '`webhooks`, `settlement` and each broker whose address is set',
    description:
      'The sinks to which this relay delivers events. If it captures payments (`settlement`) and has no provider for them, it does not start. Sinks can be divided between relays, and up to eight relays can share one sink.',
  }),
  REDIS_STREAM: text('checkout-events', {
    readBy: ['relay', 'cli'],
    description: 'The Redis stream of the events.',
  }),
  KAFKA_BROKERS: text('', {
    readBy: ['relay', 'cli'],
    unit: '`host:port`; commas between',
    description: 'Kafka. Needs the package `kafkajs`.',
  }),
  KAFKA_TOPIC: text('checkout-events', {
    readBy: ['relay', 'cli'],
    description: 'The Kafka topic of the events.',
  }),
  NATS_URL: text('', {
    readBy: ['relay', 'cli'],
    unit: '`nats://user:password@host:port`; commas between',
    description: 'NATS. Needs the packages `@nats-io/transport-node` and `@nats-io/jetstream`.',
  }),
  NATS_STREAM: text('CHECKOUT_EVENTS', {
    readBy: ['relay', 'cli'],
    description: 'The JetStream stream of the events.',
  }),
  WEBHOOK_PRIVATE_ADDRESSES: oneOf(['refuse', 'allow'], 'refuse', {
    readBy: ['api', 'relay'],
    description: '`allow` permits webhooks to loopback and private addresses, also without TLS. For development only.',
  }),
};
