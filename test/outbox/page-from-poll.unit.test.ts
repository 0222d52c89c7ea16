import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogPoll, PolledEvent } from '../../src/outbox/log/log-poll';
import { pageFromPoll } from '../../src/outbox/log/page-from-poll';
import { parseSnapshot, sees, seesAllOf } from '../../src/outbox/log/snapshot';

const found = (txid: bigint, type = 'order.created', shard = 0): PolledEvent => ({
  shard,
  txid,
  event: {
    id: `event-${txid}`,
    type,
    tenant: 'acme',
    checkoutId: 'chk_00',
    sequence: Number(txid),
    time: '2026-11-26T08:00:00.000000Z',
    traceparent: null,
    data: '{}',
  },
});
const life = 'one';
const poll = (since: string, snapshot: string, ...events: PolledEvent[]): LogPoll => ({
  since,
  snapshot,
  life,
  events,
});
const at = (snapshot: string, types?: readonly string[]) => ({ place: { snapshot, within: null }, shard: 0, types });
const idsOf = (page: ReturnType<typeof pageFromPoll>) => page?.events.map(({ id }) => id);

test('a lane where the poll begins gets the events of its shard and types', () => {
  const polls = [poll('5:5:', '9:9:', found(5n), found(6n, 'label.generated'), found(7n, 'order.created', 3))];

  expect(idsOf(pageFromPoll(polls, at('5:5:')))).toEqual(['event-5', 'event-6']);
  expect(idsOf(pageFromPoll(polls, at('5:5:', ['label.generated'])))).toEqual(['event-6']);
  expect(pageFromPoll(polls, at('5:5:'))?.next).toEqual({ snapshot: '9:9:', within: null });
});

test('a lane that is further on gets nothing again, and does not go back', () => {
  const polls = [poll('5:5:', '9:9:', found(5n), found(8n))];

  expect(idsOf(pageFromPoll(polls, at('8:9:8')))).toEqual(['event-8']);
  expect(pageFromPoll(polls, at('12:12:'))).toMatchObject({ events: [], next: { snapshot: '12:12:' } });
});

test('a lane still gets what was open when it read', () => {
  expect(idsOf(pageFromPoll([poll('5:9:5', '9:9:', found(5n))], at('5:9:5')))).toEqual(['event-5']);
});

test.each([
  ['there was no poll', [], '5:5:'],
  ['the lane is before the poll', [poll('6:6:', '9:9:', found(7n))], '5:5:'],
  ['the poll has seen what was open for the lane', [poll('9:9:', '12:12:', found(10n))], '5:9:5'],
  ['a poll in between was lost', [poll('5:5:', '7:7:'), poll('8:8:', '9:9:')], '5:5:'],
  ['there were too many events', [{ since: '5:5:', snapshot: '9:9:', life, events: undefined }], '5:5:'],
])('a lane reads the log itself where %s', (_, polls, snapshot) => {
  expect(pageFromPoll(polls, at(snapshot))).toBeUndefined();
});

test('a lane inside a difference reads the log itself', () => {
  const within = { target: '9:9:', txid: 5n, position: 1n };
  const lane = { place: { snapshot: '5:5:', within }, shard: 0, types: undefined };

  expect(pageFromPoll([poll('5:5:', '9:9:')], lane)).toBeUndefined();
});

/** As Postgres makes them: the transaction just below `xmax` has ended. */
const anySnapshot = fc
  .tuple(fc.bigInt({ min: 1n, max: 12n }), fc.uniqueArray(fc.bigInt({ min: 1n, max: 12n }), { maxLength: 4 }))
  .map(([xmax, open]) => `1:${xmax}:${open.filter((txid) => txid < xmax - 1n).join(',')}`);

test('one snapshot sees all of another exactly if it sees every transaction that the other sees', () => {
  const transactions = Array.from({ length: 14 }, (_, txid) => BigInt(txid));
  fc.assert(
    fc.property(anySnapshot, anySnapshot, (one, other) => {
      const [mine, theirs] = [parseSnapshot(one), parseSnapshot(other)];
      const all = transactions.every((txid) => !sees(theirs, txid) || sees(mine, txid));
      expect(seesAllOf(mine, theirs)).toBe(all);
    }),
    { numRuns: 2_000 },
  );
});
