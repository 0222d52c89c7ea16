import { expect, test } from '@jest/globals';
import { holdsCardData } from '../../api/card-data';

/** Card networks' test numbers, and other spellings of one of them. */
const CARDS = [
  ...['4242424242424242', '4111111111111111', '4222222222222', '5555555555554444', '2223003122003222'],
  ...['378282246310005', '6011111111111117', '3566002020360505', '30569309025904', '36227206271667'],
  ...['6200000000000005', '6759649826438453', '4000000000000000006'],
  ...[
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '3782 822463 10005',
    'Visa 4242424242424242 12/27',
    'tok_4242424242424242',
  ],
  ...['4242424242424242@example.com', '#4242424242424242.', '(4242 4242 4242 4242)'],
];

test.each(CARDS)('recognizes the card number %s', (text) => expect(holdsCardData(text)).toBe(true));

test.each(['cvv 123', 'CVC: 1234', 'my cvc2=999', 'CSC 123!'])('recognizes the security code in %s', (text) =>
  expect(holdsCardData(text)).toBe(true),
);

test.each([
  ['a number with one digit off', '4242424242424241'],
  ['a number of no issuer', '1234567812345670'],
  ['a barcode that looks like a Visa number of 13 digits', '4006381333023'],
  ['a telephone number', '+4915123456704'],
  ['an id of hexadecimal digits', 'chk_4242424242424242aabbccddeeff0011'],
  ['too many digits', '42424242424242424242424242424242'],
  ['a time in microseconds', '1795509648087360'],
  ['an address', '12 St James’s Sq, SW1Y 4JH'],
  ['a security code without digits', 'Is the cvv needed?'],
  ['a year behind a word', 'cvs 1234'],
])('does not take %s for a card number', (_what, text) => expect(holdsCardData(text)).toBe(false));
