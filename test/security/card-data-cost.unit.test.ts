import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holdsCardData } from '../../api/card-data';

/** As large as a body may be. */
const LENGTH = 64 * 1024;
/** Plain text is scanned by the engine, digits by our own loop: up to 100 times slower, measured. Checking each pair of groups: 16,000. */
const MOST_TIMES_PLAIN = 1_000;
/** The machine is busy at times, but not in all of these rounds. */
const ROUNDS = 20;

const filled = (piece: string): string => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

function millisecondsFor(text: string): number {
  const startedAt = performance.now();
  holdsCardData(text);
  return performance.now() - startedAt;
}

/** How many times longer it takes than plain text of the same length; each in its least disturbed round. */
function timesPlain(text: string): number {
  const plain = filled('plain text ');
  let [hostileMs, plainMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    hostileMs = Math.min(hostileMs, millisecondsFor(text));
    plainMs = Math.min(plainMs, millisecondsFor(plain));
    if (hostileMs <= MOST_TIMES_PLAIN * plainMs) break;
  }
  return hostileMs / plainMs;
}

test.each([
  '4 ',
  '0 ',
  '4',
  '0',
  '4-',
  '6 0 ',
  '0000000000000 ',
  '3 7 ',
  '+4',
  '4a',
  '4 4a',
  'cvv ',
  'cvv2',
  'cvv   12 ',
])('scanning a body full of %j takes at most a constant factor longer than plain text', (piece) =>
  expect(timesPlain(filled(piece))).toBeLessThanOrEqual(MOST_TIMES_PLAIN),
);

test('scanning for card numbers takes linear time, whatever the body is full of', () => {
  const pieces = fc.array(fc.constantFrom('4', '0', '5', '37', '62', ' ', '-', '+', 'a', 'cvv', 'csc2', ':'), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      expect(timesPlain(filled(parts.join('')))).toBeLessThanOrEqual(MOST_TIMES_PLAIN);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
