/** Groups of digits, as people write numbers. A `+` before makes it a telephone number, a letter part of an id. */
const GROUPS = /(?<![A-Za-z0-9+])[0-9]+(?:[ -][0-9]+)*(?![A-Za-z0-9])/g;
const LONGEST_CARD = 19;

/** The issuers' numbers and how long they are. Without them one id of digits in ten would pass for a card. */
const ISSUED = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11,16}$/,
  /^(?:35(?:2[89]|[3-8]\d)|6011|64[4-9]\d|65\d\d|62\d\d)\d{12,15}$/,
  /^(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15}$/,
];

const SECURITY_CODE = /\b(?:cvv|cvc|cvn|csc)2?\b\W{0,3}\d{3,4}(?!\d)/i;

/** Whether a text holds what looks like the number of a payment card, or its security code. */
export const holdsCardData = (text: string): boolean =>
  SECURITY_CODE.test(text) || [...text.matchAll(GROUPS)].some(([match]) => [...numbersIn(match)].some(isCardNumber));

/** Whatever groups side by side spell: beside a card number there may be the month it ends. */
function* numbersIn(match: string): Iterable<string> {
  const groups = match.split(/[ -]/);
  for (const at of groups.keys()) {
    let number = '';
    for (const group of groups.slice(at, at + LONGEST_CARD)) {
      number += group;
      if (number.length > LONGEST_CARD) break;
      yield number;
    }
  }
}

const LONGEST_BARCODE = 14;

function isCardNumber(digits: string): boolean {
  if (!ISSUED.some((numbers) => numbers.test(digits)) || weighed(digits, luhn) % 10 !== 0) return false;
  // German and Japanese barcodes begin with a 4 as well: what has one can be sold.
  return digits.length > LONGEST_BARCODE || weighed(digits, barcode) % 10 !== 0;
}

const luhn = (digit: number): number => (digit > 4 ? digit * 2 - 9 : digit * 2);
const barcode = (digit: number): number => digit * 3;

/** The sum of the digits, every second one from the right counted as `second` says. */
const weighed = (digits: string, second: (digit: number) => number): number =>
  [...digits].reverse().reduce((sum, digit, at) => sum + (at % 2 === 1 ? second(Number(digit)) : Number(digit)), 0);
