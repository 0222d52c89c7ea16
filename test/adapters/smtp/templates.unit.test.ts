import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { templatesOf } from '../../../src/adapters/smtp/templates';
import { amountIn, confirmationWords } from '../../../src/adapters/smtp/wording';
import { aConfirmation } from './a-confirmation';

const IN_THE_BOX = path.join(__dirname, '../../../src/adapters/smtp/templates');
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A team's own templates: a copy of ours, with one file changed. */
function ownTemplates(file: string, text: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'templates-'));
  folders.push(folder);
  cpSync(IN_THE_BOX, folder, { recursive: true });
  writeFileSync(path.join(folder, file), text);
  return folder;
}

test.each([
  ['en', 'Your order chk_1', 'Hello Ada Lovelace,', 'Total: $30.00'],
  ['de', 'Ihre Bestellung chk_1', 'Guten Tag Ada Lovelace,', 'Summe: 30,00\u00a0$'],
])('writes a confirmation in %s', (locale, subject, greeting, total) => {
  const written = templatesOf(locale)('confirmation', confirmationWords(aConfirmation(), locale));

  expect(written.subject).toBe(subject);
  for (const part of [written.text, written.html]) expect(part).toContain(greeting);
  for (const part of [written.text, written.html]) expect(part).toContain(total);
  expect(written.text).toContain('2 × MUG-BLUE');
  expect(`${written.text}${written.html}`).not.toContain('{{');
});

test.each([
  ['en', '2026-12-01', 'Delivery by: December 1, 2026'],
  ['de', '2026-12-01', 'Lieferung bis: 1. Dezember 2026'],
  ['en', 'next week', 'Delivery by: next week'],
])('says in %s when the parcel is to arrive, if the warehouse has: %s', (locale, deliveryPromise, shown) => {
  const words = confirmationWords(aConfirmation({ deliveryPromise }), locale);

  const written = templatesOf(locale)('confirmation', words);

  for (const part of [written.text, written.html]) expect(part).toContain(shown);
});

test.each([
  ['en', 'JPY', 3000n, '¥3,000'],
  ['en', 'KWD', 3_000n, 'KWD\u00a03.000'],
  ['de', 'EUR', 123_456_789n, '1.234.567,89\u00a0€'],
  ['en', 'USD', 9_007_199_254_740_993n, '$90,071,992,547,409.93'],
  ['en', 'IQD', 1_250n, 'IQD\u00a01.250'],
])('shows amounts exactly: %s %s %s', (locale, currency, minor, shown) => {
  expect(amountIn(locale, { minor, currency })).toBe(shown);
});

test("a team's own templates take the place of ours", () => {
  const folder = ownTemplates('en/cancellation.txt', 'Subject: Sorry about {{orderId}}\n\nIt is off.\n');

  const written = templatesOf('en', folder)('cancellation', { orderId: 'chk_1' });

  expect(written).toMatchObject({ subject: 'Sorry about chk_1', text: 'It is off.\n' });
});

test.each([
  [
    'a word that no letter has',
    'en/confirmation.html',
    '<p>{{customer}}</p>',
    /en\/confirmation\.html: \{\{customer\}\} is unknown/,
  ],
  ['a word of another letter', 'en/cancellation.html', '<p>{{total}}</p>', /is unknown; it may use orderId/],
  ['text that is not escaped', 'en/confirmation.html', '<p>{{{name}}}</p>', /is not allowed; write \{\{name\}\}/],
  ['another file', 'en/confirmation.html', '{{> header}}', /is not allowed/],
  ['no subject', 'en/confirmation.txt', 'Hello', /must begin with a line "Subject: …"/],
  ['a section that is not closed', 'en/confirmation.html', '{{#lines}}', /Unclosed section "lines"/],
])('refuses at the start a template with %s', (_what, file, text, sentence) => {
  expect(() => templatesOf('en', ownTemplates(file, text))).toThrow(sentence);
});

test('refuses at the start a locale without templates', () => {
  expect(() => templatesOf('fr')).toThrow(/there is no locale fr; there are de, en in/);
});
