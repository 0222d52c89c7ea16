import { expect, test } from '@jest/globals';
import { isMoment } from '../../src/domain/moment';

test.each(['2026-11-24T08:00:00Z', '2026-11-24T08:00:00.123456+05:30', '2024-02-29T23:59:59-14:00'])(
  'accepts %s',
  (text) => {
    expect(isMoment(text)).toBe(true);
  },
);

test.each([
  ...['yesterday', '2026-11-24', '2026-11-24T08:00Z', '2026-11-24T08:00:00', '2026-11-24 08:00:00Z'],
  ...['2026-02-30T08:00:00Z', '2025-02-29T08:00:00Z', '2026-13-01T08:00:00Z', '2026-11-24T25:00:00Z'],
  ...['0000-11-24T08:00:00Z', '2026-11-24T08:00:00+15:30', '2026-11-24T08:00:00.1234567Z', '2026-11-24T08:00:60Z'],
])('rejects %s', (text) => {
  expect(isMoment(text)).toBe(false);
});
