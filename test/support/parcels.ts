import { randomUUID } from 'node:crypto';
import type { OutboxEvent } from '../../src/outbox/outbox-event';
import type { Parcel } from '../../src/outbox/sink';
import { anOrder } from './builders';

/** An event as in the log, for testing sinks without one. */
export const anEvent = (overrides: Partial<OutboxEvent> = {}): OutboxEvent => ({
  id: randomUUID(),
  type: 'payment.authorized',
  tenant: 'acme',
  checkoutId: anOrder().checkoutId,
  sequence: 1,
  time: '2026-11-24T08:00:00.123456Z',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: '{"amount": {"minor": 3000, "currency": "USD"}}',
  ...overrides,
});

export const parcelOf = (event: OutboxEvent): Parcel => ({ event, target: '' });

/** The events `from` to `to` of each order, with the orders interleaved. */
export const interleaved = (orders: readonly string[], { from = 1, to }: { from?: number; to: number }): Parcel[] =>
  Array.from({ length: to - from + 1 }, (_, at) =>
    orders.map((checkoutId) => parcelOf(anEvent({ checkoutId, sequence: from + at }))),
  ).flat();
