import type { OutboxEvent } from './outbox-event';

/** The `source` of our events. */
export const EVENT_SOURCE = '/durable-checkout';
/** The media type of an event in structured mode. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

const TYPE_PREFIX = 'com.durablecheckout.';
/** The version of the data. Only optional fields are ever added, so there has never been a second one. */
const TYPE_VERSION = '.v1';

/** `com.durablecheckout.payment.authorized.v1`. */
export const cloudEventTypeOf = (type: string): string => `${TYPE_PREFIX}${type}${TYPE_VERSION}`;

/** The context attributes of CloudEvents 1.0, and our own (`sequence`, `tenant`, `traceparent`), all as text; without the data. */
export function attributesOf(event: OutboxEvent): Record<string, string> {
  return {
    specversion: '1.0',
    id: event.id,
    source: EVENT_SOURCE,
    type: cloudEventTypeOf(event.type),
    subject: event.checkoutId,
    time: event.time,
    datacontenttype: 'application/json',
    sequence: String(event.sequence),
    tenant: event.tenant,
    ...(event.traceparent === null ? {} : { traceparent: event.traceparent }),
  };
}

/** The event in structured mode, as JSON text. The same event always gives the same bytes, so duplicates are equal to the byte. */
export function structured(event: OutboxEvent): string {
  const attributes = JSON.stringify(attributesOf(event));
  return `${attributes.slice(0, -1)},"data":${event.data}}`;
}
