/** Groups of digits, as people write numbers. After a `+` they are a telephone number, next to a letter part of an id. */
const GROUPS = /(?<![A-Za-z0-9+])[0-9]+(?:[ -][0-9]+)*(?![A-Za-z0-9])/g;
const SHORTEST_CARD = 13;
const LONGEST_CARD = 19;

/** The issuers' ranges: from and to, of the first four digits, and the lengths. Without them, one in ten ids made of digits would pass for a card. */
const ISSUED: readonly (readonly [from: number, to: number, ...lengths: number[]])[] = [
  [4000, 4999, 13, 16, 19],
  [5100, 5599, 16],
  [2221, 2720, 16],
  [3400, 3499, 15],
  [3700, 3799, 15],
  [3000, 3059, 14, 15, 16, 17, 18, 19],
  [3600, 3699, 14, 15, 16, 17, 18, 19],
  [3800, 3999, 14, 15, 16, 17, 18, 19],
  [3528, 3589, 16, 17, 18, 19],
  [6011, 6011, 16, 17, 18, 19],
  [6200, 6299, 16, 17, 18, 19],
  [6440, 6599, 16, 17, 18, 19],
  ...[5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763].map(
    (first) => [first, first, 13, 14, 15, 16, 17, 18, 19] as const,
  ),
];

/** For each first four digits, one bit for each length: a look-up instead of a search. */
const LENGTHS = new Uint32Array(10_000);
for (const [from, to, ...lengths] of ISSUED) {
  const bits = lengths.reduce((sum, length) => sum | (1 << length), 0);
  for (let first = from; first <= to; first += 1) LENGTHS[first] = (LENGTHS[first] ?? 0) | bits;
}

const SECURITY_CODE = /\b(?:cvv|cvc|cvn|csc)2?\b\W{0,3}\d{3,4}(?!\d)/i;

/** Whether a text contains what looks like a card number or a security code. Takes time in proportion to its length. */
export function holdsCardData(text: string): boolean {
  if (SECURITY_CODE.test(text)) return true;
  for (const [match] of text.matchAll(GROUPS)) {
    if (match.length >= SHORTEST_CARD && spellsCard(match)) return true;
  }
  return false;
}

/** Whether adjacent whole groups form a card number: the expiry date may stand next to it. */
function spellsCard(groups: string): boolean {
  const { digits, begins, ends } = read(groups);
  const passesLuhn = luhnWithin(digits);
  for (const end of ends) {
    // Each end has a handful of beginnings, and each of those is checked without reading the digits in between.
    for (let length = SHORTEST_CARD; length <= LONGEST_CARD && length <= end; length += 1) {
      const begin = end - length;
      if (begins[begin] !== 1 || !isIssued(digits, begin, length) || !passesLuhn(begin, end)) continue;
      // German and Japanese barcodes begin with a 4 too, and a barcode must stay allowed.
      if (length > LONGEST_BARCODE || !isBarcode(digits.subarray(begin, end))) return true;
    }
  }
  return false;
}

const ZERO = '0'.charCodeAt(0);

/** The digits, which of them begin a group, and where the groups end. */
function read(groups: string): { digits: Uint8Array; begins: Uint8Array; ends: readonly number[] } {
  const digits = new Uint8Array(groups.length);
  const begins = new Uint8Array(groups.length);
  const ends: number[] = [];
  let count = 0;
  begins[0] = 1;
  for (let at = 0; at < groups.length; at += 1) {
    const digit = groups.charCodeAt(at) - ZERO;
    if (digit >= 0) {
      digits[count] = digit;
      count += 1;
    } else {
      ends.push(count);
      begins[count] = 1;
    }
  }
  ends.push(count);
  return { digits: digits.subarray(0, count), begins, ends };
}

function isIssued(digits: Uint8Array, begin: number, length: number): boolean {
  let first = 0;
  for (let at = begin; at < begin + 4; at += 1) first = first * 10 + (digits[at] ?? 0);
  return (((LENGTHS[first] ?? 0) >> length) & 1) === 1;
}

/** Whether the digits from `begin` to `end` pass Luhn's check, in a few steps: the sums up to each digit are computed once. */
function luhnWithin(digits: Uint8Array): (begin: number, end: number) => boolean {
  const evenTwice = new Uint32Array(digits.length + 1);
  const oddTwice = new Uint32Array(digits.length + 1);
  for (let at = 0; at < digits.length; at += 1) {
    const once = digits[at] ?? 0;
    const twice = once > 4 ? once * 2 - 9 : once * 2;
    evenTwice[at + 1] = (evenTwice[at] ?? 0) + (at % 2 === 0 ? twice : once);
    oddTwice[at + 1] = (oddTwice[at] ?? 0) + (at % 2 === 1 ? twice : once);
  }
  return (begin, end) => {
    // The last digit counts as it is, the one before it twice.
    const sums = end % 2 === 0 ? evenTwice : oddTwice;
    return ((sums[end] ?? 0) - (sums[begin] ?? 0)) % 10 === 0;
  };
}

const LONGEST_BARCODE = 14;

/** Checks a barcode's check digit: every second digit from the right counts three times. */
const isBarcode = (digits: Uint8Array): boolean =>
  digits.reduce((sum, digit, at) => sum + digit * ((digits.length - at) % 2 === 0 ? 3 : 1), 0) % 10 === 0;
