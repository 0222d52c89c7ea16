import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ValidateFunction } from 'ajv';
import type { Step } from '../../../src/domain/steps';
import type { OrderKey } from '../../../src/contract/checkout';
import { EVENT_TYPES } from '../../../src/outbox/contract/event-data';
import { eventSchemaOf } from '../../../src/outbox/contract/event-schema';
import type { EventType } from '../../../src/outbox/contract/same-shape';
import { append } from '../../../src/outbox/append';
import { structured } from '../../../src/outbox/cloud-event';
import { EVENT_COLUMNS, outboxEventOf } from '../../../src/outbox/outbox-event';
import type { EventRow, OutboxEvent } from '../../../src/outbox/outbox-event';
import { accepted, checkoutWorld, stepsBefore, unwinding } from '../../support/checkout-world';
import type { CheckoutWorld } from '../../support/checkout-world';
import { STEP_TABLE } from '../../support/recording-activities';
import { undecidedPayment } from '../../support/undecided-payment';
import { ajv, pruningAjv } from './ajv';

/** Not from activities: a completed checkout is not undone, and the settlement consumer is not an activity. */
const APPENDED_ELSEWHERE: EventType[] = ['label.voided', 'payment.captured'];
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

let world: CheckoutWorld;
let events: OutboxEvent[];
beforeAll(async () => {
  world = await checkoutWorld();
  await complete();
  await undo('OutOfStock');
  await undo('Cancelled');
  await skip('notification-sent');
  await skip('loyalty-awarded');
  await stepsBefore(undecidedPayment(world).activities, await accepted(world.db), 2);
  const { rows } = await world.db.query<EventRow>(`select ${EVENT_COLUMNS} from outbox_events event order by position`);
  events = rows.map(outboxEventOf);
});
afterAll(() => world.close());

const LABEL = STEP_TABLE.length - 1;

async function complete(): Promise<void> {
  const order = await accepted(world.db);
  await world.db.query(`update checkouts set traceparent = $2 where id = $1`, [order.checkoutId, TRACEPARENT]);
  await stepsBefore(world.activities, order, LABEL);
  await world.activities.generateLabel(order);
}

async function undo(because: 'OutOfStock' | 'Cancelled'): Promise<void> {
  const order = await accepted(world.db);
  await stepsBefore(world.activities, order, LABEL);
  for (const { undo: undoIt } of [...STEP_TABLE].reverse())
    await world.activities[undoIt]({ ...unwinding(order), because });
}

async function skip(step: Step): Promise<void> {
  const order: OrderKey = await accepted(world.db);
  await stepsBefore(world.activities, order, 4);
  const what = { ...order, step, kind: 'step' as const };
  await world.activities.raiseAttention({ ...what, why: 'The provider is away.' });
  await world.activities.recordRepair({
    ...what,
    id: randomUUID(),
    action: 'skip',
    reason: 'By phone',
    operator: 'op',
  });
}

const validators = new Map<string, ValidateFunction>(
  EVENT_TYPES.map((type) => [type, ajv.compile(eventSchemaOf(type))]),
);
const parsed = (event: OutboxEvent) => JSON.parse(structured(event)) as Record<string, unknown>;
const schemaErrors = (event: OutboxEvent) => {
  const validate = validators.get(event.type);
  return validate?.(parsed(event)) ? [] : validate?.errors;
};

test('the activities append every type of event, except those of others', () => {
  const appended = new Set(events.map(({ type }) => type));

  expect([...appended, ...APPENDED_ELSEWHERE].sort()).toEqual([...EVENT_TYPES].sort());
});

test('each event is valid under its schema', () => {
  expect(events.flatMap(schemaErrors)).toEqual([]);
});

test.each(EVENT_TYPES)('%s has no fields that its schema lacks', (type) => {
  const keepsTheKnown = pruningAjv.compile(eventSchemaOf(type));

  for (const event of events.filter((each) => each.type === type)) {
    const known = parsed(event);
    keepsTheKnown(known);
    expect(known).toEqual(parsed(event));
  }
});

test('only the events of a traced checkout have a traceparent', () => {
  const traced = events.filter(({ traceparent }) => traceparent !== null);

  expect(traced.map(({ type }) => type)).toContain('checkout.completed');
  expect(traced.length).toBeLessThan(events.length);
  expect(new Set(traced.map((event) => parsed(event)['traceparent']))).toEqual(new Set([TRACEPARENT]));
});

test('a missing field would be noticed', async () => {
  const order = await accepted(world.db);
  await world.db.transaction((tx) =>
    append(tx, order.checkoutId, [{ type: 'label.generated', data: { labelId: 'lab_1' } as never }]),
  );
  const { rows } = await world.db.query<EventRow>(
    `select ${EVENT_COLUMNS} from outbox_events event where aggregateid = $1`,
    [order.checkoutId],
  );

  expect(rows.map(outboxEventOf).map(schemaErrors)).toEqual([
    [expect.objectContaining({ message: "must have required property 'trackingNumber'" })],
  ]);
});
