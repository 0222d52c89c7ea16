import type { OutboxEvent } from './outbox-event';

/** Where our events come from. */
export const EVENT_SOURCE = '/durable-checkout';
/** The media type of an event in structured mode. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

const TYPE_PREFIX = 'com.durablecheckout.';
/** Of the event's own data. Only ever optional fields are added, so there has never been a second one. */
const TYPE_VERSION = '.v1';

/** `com.durablecheckout.payment.authorized.v1`. */
export const cloudEventTypeOf = (type: string): string => `${TYPE_PREFIX}${type}${TYPE_VERSION}`;

/** The context attributes of CloudEvents 1.0 and ours (`sequence`, `tenant`, `traceparent`), all text, without the data. */
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

/** The event in structured mode, as JSON text. Always the same bytes for the same event: a duplicate is a duplicate to the byte. */
export function structured(event: OutboxEvent): string {
  const attributes = JSON.stringify(attributesOf(event));
  return `${attributes.slice(0, -1)},"data":${event.data}}`;
}
