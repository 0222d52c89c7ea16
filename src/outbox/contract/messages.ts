import { Type } from '@sinclair/typebox';
import { CLOUD_EVENT_TYPE, cloudEventTypeOf } from '../cloud-event';
import { EVENT_DATA, EVENT_TYPES, sentenceOf } from './event-data';
import { ENVELOPE, eventSchemaOf } from './event-schema';
import { exampleOf } from './example';
import type { EventType } from './same-shape';

type Json = Record<string, unknown>;

/** `structured`: envelope and data in one JSON text. `binary`: the envelope in headers, as in the CloudEvents binding for Kafka. */
type Mode = 'structured' | 'binary';

const ref = (kind: 'schemas' | 'messages' | 'messageTraits', name: string) => ({
  $ref: `#/components/${kind}/${name}`,
});

const structured = (type: EventType): Json => ({
  name: cloudEventTypeOf(type),
  title: type,
  summary: sentenceOf(type),
  contentType: CLOUD_EVENT_TYPE,
  payload: {
    allOf: [
      ref('schemas', 'envelope'),
      Type.Object({ type: Type.Literal(cloudEventTypeOf(type)), data: Type.Unsafe(ref('schemas', type)) }),
    ],
  },
  examples: [{ payload: exampleOf(eventSchemaOf(type)) }],
});

function binary(type: EventType): Json {
  const name = cloudEventTypeOf(type);
  return {
    name,
    title: type,
    summary: sentenceOf(type),
    traits: [ref('messageTraits', 'binary')],
    // Merged over the trait: a `required` here would replace the trait's, as these examples do.
    headers: { type: 'object', properties: { ce_type: Type.Literal(name, { examples: [name] }) } },
    payload: ref('schemas', type),
  };
}

/** `datacontenttype` is sent as the `content-type` header. */
const { datacontenttype, ...attributes } = ENVELOPE.properties;
const headers = Object.entries(attributes).map(([name, schema]) => [`ce_${name}`, schema] as const);

const inHeaders: Json = {
  contentType: 'application/json',
  headers: Type.Object({ 'content-type': datacontenttype, ...Object.fromEntries(headers) }),
  bindings: { kafka: { key: attributes.subject, bindingVersion: '0.5.0' } },
};

const nameOf = (type: EventType, mode: Mode) => (mode === 'structured' ? type : `${type}.binary`);

const forEachEvent = <T>(make: (type: EventType) => readonly [string, T]): Record<string, T> =>
  Object.fromEntries(EVENT_TYPES.map(make));

export const components = (): Json => ({
  schemas: { envelope: ENVELOPE, ...EVENT_DATA },
  messageTraits: { binary: inHeaders },
  messages: {
    ...forEachEvent((type) => [nameOf(type, 'structured'), structured(type)]),
    ...forEachEvent((type) => [nameOf(type, 'binary'), binary(type)]),
  },
});

/** The messages of a channel. */
export const messagesIn = (mode: Mode): Json => forEachEvent((type) => [type, ref('messages', nameOf(type, mode))]);
