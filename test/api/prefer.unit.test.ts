import { expect, test } from '@jest/globals';
import { waitOf } from '../../api/plugins/prefer';

test.each<[string | string[], number]>([
  ['wait=5', 5],
  ['Wait = 5', 5],
  ['wait="5"', 5],
  ['respond-async, wait=10', 10],
  [['respond-async', 'wait=10'], 10],
  ['wait=5; x=y', 5],
  ['wait=5, wait=9', 5],
  ['foo="\\", wait=7", wait=3', 3],
  ['wait=31', 30],
  ['wait=99999999999999999999', 30],
])('reads %j as a wait of %d s', (prefer, seconds) => expect(waitOf(prefer)).toBe(seconds));

test.each([
  ...['', 'respond-async', 'foo="a,wait=5"', 'foo="a;wait=5"', 'foo; wait=5', 'x-wait=5', 'wait', 'wait=', 'wait=""'],
  ...['wait=-1', 'wait=1.5', 'wait=5s', 'wait=five', 'wait="5', 'foo=", wait=5', 'wait=x, wait=5', 'wait=5 6'],
])('reads %j as no wait', (prefer) => expect(waitOf(prefer)).toBe(0));

test('parses a header of quotes, commas and semicolons in linear time', () => {
  for (const piece of ['"', '\\"', '"\\', ', ', '; ', 'wait ', '"",', 'wait=1 '])
    expect(waitOf(piece.repeat(8_000))).toBe(0);
});
