import { Type } from '@sinclair/typebox';
import { cloudEventTypeOf, EVENT_SOURCE } from '../cloud-event';
import { EVENT_DATA, sentenceOf } from './event-data';
import type { EventType } from './same-shape';

/** The attributes of an event's envelope: CloudEvents 1.0, and three of our own. All are text. */
export const ENVELOPE = Type.Object({
  specversion: Type.Literal('1.0', { description: 'The version of CloudEvents' }),
  id: Type.String({
    format: 'uuid',
    description: 'The same in every delivery of the event: process each id once',
    examples: ['0b6f2f0e-6a5c-4f4e-9d0a-2f1f7f9b8c11'],
  }),
  source: Type.Literal(EVENT_SOURCE),
  type: Type.String({ examples: [cloudEventTypeOf('payment.authorized')] }),
  subject: Type.String({ description: "The checkout's id", examples: ['chk_9f2c4e6a8b0d1f3557799bbdd1f3e5a7'] }),
  time: Type.String({ format: 'date-time', description: 'UTC', examples: ['2026-11-24T08:00:00.123456Z'] }),
  datacontenttype: Type.Literal('application/json'),
  sequence: Type.String({
    pattern: '^[1-9][0-9]*$',
    description: '1, 2, 3 … within its subject: first deliveries arrive in this order, without a gap',
    examples: ['2'],
  }),
  tenant: Type.String({ examples: ['acme'] }),
  traceparent: Type.Optional(
    Type.String({
      pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
      description: 'The W3C trace context of the request that started the checkout, if it had one',
      examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    }),
  ),
});

/** A whole event in structured mode. */
export const eventSchemaOf = (type: EventType) =>
  Type.Object(
    { ...ENVELOPE.properties, type: Type.Literal(cloudEventTypeOf(type)), data: EVENT_DATA[type] },
    { title: type, description: sentenceOf(type) },
  );

/** The same as a document that consumers can download. */
export const schemaDocumentOf = (type: EventType): Record<string, unknown> => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: `urn:durable-checkout:event:${cloudEventTypeOf(type)}`,
  ...eventSchemaOf(type),
});
