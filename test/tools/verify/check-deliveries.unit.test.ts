import { expect, test } from '@jest/globals';
import { deliveryOf } from '../../../src/tools/verify/events/delivery';
import type { Later } from '../../../src/tools/verify/events/later';
import { aLog, delivered, checkRecord } from './sink-records';

const THREE = ['chk_1/1', 'chk_1/2', 'chk_1/3'];
const record = (...names: string[]) => names.map((name) => delivered(name));

test('accepts a record with every event in order, with orders interleaved and duplicates', async () => {
  const log = aLog([...THREE, 'chk_2/1', 'chk_2/2']);

  const result = await checkRecord({
    log,
    deliveries: record('chk_2/1', 'chk_1/1', 'chk_1/2', 'chk_1/1', 'chk_1/2', 'chk_2/2', 'chk_1/3'),
  });

  expect(result).toMatchObject({ events: 5, deliveries: 7, duplicates: 2, found: [] });
});

test('counts an event that is not delivered as missing', async () => {
  const result = await checkRecord({ log: aLog(THREE), deliveries: record('chk_1/1', 'chk_1/2') });

  expect(result).toMatchObject({ missing: 1, pending: 0, found: ['missing chk_1'] });
});

test('counts an order without deliveries as missing', async () => {
  const result = await checkRecord({ log: aLog([...THREE, 'chk_2/1']), deliveries: record(...THREE) });

  expect(result.found).toEqual(['missing chk_2']);
});

test('counts what the cursor has not passed, and what is parked, as pending', async () => {
  const log = aLog([...THREE, 'chk_2/1'], (name) => (name === 'chk_1/3' ? { passedBy: ['kafka'] } : {}));
  log.park('redis', '', { checkoutId: 'chk_2', sequence: 1 });

  const result = await checkRecord({ log, deliveries: record('chk_1/1', 'chk_1/2') });

  expect(result).toMatchObject({ missing: 0, pending: 2, found: [] });
});

test('counts what is parked for another sink or target as missing here', async () => {
  const log = aLog(['chk_1/1']);
  log.park('kafka', '', { checkoutId: 'chk_1', sequence: 1 });
  log.park('redis', 'whe_1', { checkoutId: 'chk_1', sequence: 1 });

  expect((await checkRecord({ log, deliveries: [] })).found).toEqual(['missing chk_1']);
});

test('counts two swapped events as out of order, and neither as missing', async () => {
  const result = await checkRecord({ log: aLog(THREE), deliveries: record('chk_1/1', 'chk_1/3', 'chk_1/2') });

  expect(result).toMatchObject({ outOfOrder: 1, missing: 0, duplicates: 0, found: ['out-of-order chk_1'] });
});

test('counts a gap that is never filled as out of order, and what is in it as missing', async () => {
  const result = await checkRecord({ log: aLog(THREE), deliveries: record('chk_1/1', 'chk_1/3') });

  expect(result.found).toEqual(['out-of-order chk_1', 'missing chk_1']);
});

test('counts an order that does not begin with its first event as out of order', async () => {
  const result = await checkRecord({ log: aLog(THREE), deliveries: record('chk_1/2', 'chk_1/1', 'chk_1/3') });

  expect(result.found).toEqual(['out-of-order chk_1']);
});

test('finds what was never committed: another id, number or order, or no event at all', async () => {
  const result = await checkRecord({
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

test('finds a duplicate, and a first delivery, with other bytes', async () => {
  const result = await checkRecord({
    log: aLog(['chk_1/1', 'chk_2/1']),
    deliveries: [
      ...record('chk_1/1'),
      delivered('chk_1/1', { digest: '=changed' }),
      delivered('chk_2/1', { digest: '=changed' }),
    ],
  });

  expect(result).toMatchObject({ changed: 2, found: ['changed chk_1', 'changed chk_2'] });
});

test('reads again what was committed while the record was read, and compares it then', async () => {
  const known = { id: 'chk_1/2', type: 'order.created', digest: '=chk_1/2' };
  const later: Later = { events: new Map([['chk_1/2', known]]), older: new Set() };
  const deliveries = record('chk_1/1', 'chk_1/2');

  const good = await checkRecord({ log: aLog(['chk_1/1']), deliveries, later });
  const changed = await checkRecord({
    ...{ log: aLog(['chk_1/1']), deliveries },
    later: { ...later, events: new Map([['chk_1/2', { ...known, digest: '=other' }]]) },
  });

  expect(good.found).toEqual([]);
  expect(changed.found).toEqual(['changed chk_1']);
});

test('allows a record to go back further than the log', async () => {
  const later: Later = { events: new Map(), older: new Set(['chk_1', 'chk_0']) };
  const log = aLog(['chk_1/3']);

  const result = await checkRecord({ log, deliveries: record('chk_0/1', 'chk_1/1', 'chk_1/2', 'chk_1/3'), later });

  expect(result.found).toEqual([]);
});

test('expects from a trimmed record only what came after its first entry', async () => {
  const log = aLog([...THREE, 'chk_2/1'], (name) => ({ occurredAt: Number(name.slice(-1)) * 1_000 }));

  const trimmed = { log, wholeSince: 3_000 };

  expect((await checkRecord({ ...trimmed, deliveries: record('chk_1/3') })).found).toEqual([]);
  expect((await checkRecord({ ...trimmed, deliveries: record('chk_1/2') })).found).toEqual(['missing chk_1']);
});

test('does not expect what a sink does not want', async () => {
  const result = await checkRecord({ log: aLog(THREE), deliveries: [], wants: ({ tenant }) => tenant === 'globex' });

  expect(result).toMatchObject({ events: 0, found: [] });
});
