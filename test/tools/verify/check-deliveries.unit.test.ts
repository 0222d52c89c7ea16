import { expect, test } from '@jest/globals';
import { deliveryOf } from '../../../src/tools/verify/events/delivery';
import type { Later } from '../../../src/tools/verify/events/later';
import { aLog, delivered, look } from './sink-stories';

const THREE = ['chk_1/1', 'chk_1/2', 'chk_1/3'];
const record = (...names: string[]) => names.map((name) => delivered(name));

test('a record with every event in order is as promised, however the orders are mixed and whatever came twice', async () => {
  const log = aLog([...THREE, 'chk_2/1', 'chk_2/2']);

  const result = await look({
    log,
    deliveries: record('chk_2/1', 'chk_1/1', 'chk_1/2', 'chk_1/1', 'chk_1/2', 'chk_2/2', 'chk_1/3'),
  });

  expect(result).toMatchObject({ events: 5, deliveries: 7, duplicates: 2, found: [] });
});

test('an event that is not there is missing', async () => {
  const result = await look({ log: aLog(THREE), deliveries: record('chk_1/1', 'chk_1/2') });

  expect(result).toMatchObject({ missing: 1, pending: 0, found: ['missing chk_1'] });
});

test('an order of which nothing is there is missing', async () => {
  const result = await look({ log: aLog([...THREE, 'chk_2/1']), deliveries: record(...THREE) });

  expect(result.found).toEqual(['missing chk_2']);
});

test('what the cursor has not passed is pending, and so is what is parked', async () => {
  const log = aLog([...THREE, 'chk_2/1'], (name) => (name === 'chk_1/3' ? { passedBy: ['kafka'] } : {}));
  log.park('redis', '', { checkoutId: 'chk_2', sequence: 1 });

  const result = await look({ log, deliveries: record('chk_1/1', 'chk_1/2') });

  expect(result).toMatchObject({ missing: 0, pending: 2, found: [] });
});

test('what is parked for another sink or target is missing here', async () => {
  const log = aLog(['chk_1/1']);
  log.park('kafka', '', { checkoutId: 'chk_1', sequence: 1 });
  log.park('redis', 'whe_1', { checkoutId: 'chk_1', sequence: 1 });

  expect((await look({ log, deliveries: [] })).found).toEqual(['missing chk_1']);
});

test('two events that swapped places are out of order, and neither is missing', async () => {
  const result = await look({ log: aLog(THREE), deliveries: record('chk_1/1', 'chk_1/3', 'chk_1/2') });

  expect(result).toMatchObject({ outOfOrder: 1, missing: 0, duplicates: 0, found: ['out-of-order chk_1'] });
});

test('a gap that is never filled is out of order, and what fell into it is missing', async () => {
  const result = await look({ log: aLog(THREE), deliveries: record('chk_1/1', 'chk_1/3') });

  expect(result.found).toEqual(['out-of-order chk_1', 'missing chk_1']);
});

test('an order that does not begin with its first event is out of order', async () => {
  const result = await look({ log: aLog(THREE), deliveries: record('chk_1/2', 'chk_1/1', 'chk_1/3') });

  expect(result.found).toEqual(['out-of-order chk_1']);
});

test('what was never committed is found: another id, another number, another order, or no event at all', async () => {
  const result = await look({
    log: aLog(['chk_1/1']),
    deliveries: [
      ...record('chk_1/1', 'chk_1/2', 'chk_9/1'),
      delivered('chk_1/1', { id: 'rolled back' }),
      deliveryOf('redis 17-0', 'hello'),
      deliveryOf('redis 17-1', '{"id":"x","subject":"chk_1"}'),
    ],
  });

  expect(result).toMatchObject({ uncommitted: 5 });
  expect(new Set(result.found)).toEqual(new Set(['uncommitted chk_1', 'uncommitted chk_9', 'uncommitted *']));
});

test('a duplicate with other bytes is found, and a first delivery with other bytes as well', async () => {
  const result = await look({
    log: aLog(['chk_1/1', 'chk_2/1']),
    deliveries: [
      ...record('chk_1/1'),
      delivered('chk_1/1', { digest: '=changed' }),
      delivered('chk_2/1', { digest: '=changed' }),
    ],
  });

  expect(result).toMatchObject({ changed: 2, found: ['changed chk_1', 'changed chk_2'] });
});

test('what was committed while the record was read is asked for once more, and compared then', async () => {
  const known = { id: 'chk_1/2', type: 'order.created', digest: '=chk_1/2' };
  const later: Later = { events: new Map([['chk_1/2', known]]), older: new Set() };
  const deliveries = record('chk_1/1', 'chk_1/2');

  const good = await look({ log: aLog(['chk_1/1']), deliveries, later });
  const changed = await look({
    ...{ log: aLog(['chk_1/1']), deliveries },
    later: { ...later, events: new Map([['chk_1/2', { ...known, digest: '=other' }]]) },
  });

  expect(good.found).toEqual([]);
  expect(changed.found).toEqual(['changed chk_1']);
});

test('orders from before the log begins are not held against a record that goes back further', async () => {
  const later: Later = { events: new Map(), older: new Set(['chk_1', 'chk_0']) };
  const log = aLog(['chk_1/3']);

  const result = await look({ log, deliveries: record('chk_0/1', 'chk_1/1', 'chk_1/2', 'chk_1/3'), later });

  expect(result.found).toEqual([]);
});

test('of a trimmed record only what came after its first entry is asked for', async () => {
  const log = aLog([...THREE, 'chk_2/1'], (name) => ({ occurredAt: Number(name.slice(-1)) * 1_000 }));

  const trimmed = { log, wholeSince: 3_000 };

  expect((await look({ ...trimmed, deliveries: record('chk_1/3') })).found).toEqual([]);
  expect((await look({ ...trimmed, deliveries: record('chk_1/2') })).found).toEqual(['missing chk_1']);
});

test('what a sink does not want is not missed there', async () => {
  const result = await look({ log: aLog(THREE), deliveries: [], wants: ({ tenant }) => tenant === 'globex' });

  expect(result).toMatchObject({ events: 0, found: [] });
});
