import { expect, test } from '@jest/globals';
import { facesOf } from '../../../src/adapters/own-label/faces';
import { labelPdf } from '../../../src/adapters/own-label/label-pdf';
import type { Label } from '../../../src/adapters/own-label/label-pdf';
import { describeWith } from '../../support/describe-with';
import { missingForLabels, readLabel } from './read-label';

const LONDON = { name: 'Ada Lovelace', line1: '12 St James Sq', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };
const BERLIN = { name: 'Müller Versand GmbH', line1: 'Straße 5', city: 'Köln', postalCode: '50667', country: 'DE' };
const LABEL: Label = { from: BERLIN, to: LONDON, orderId: 'chk_1', trackingNumber: 'DC01234567890123456789' };

const FACES = facesOf();
const draw = (label: Partial<Label> = {}) => labelPdf({ ...LABEL, ...label }, FACES);
const read = async (label: Partial<Label> = {}) => readLabel(await draw(label));
const withoutSpaces = (text: string) => text.normalize('NFC').replace(/\s/g, '');
const sorted = (text: string) => Array.from(withoutSpaces(text)).sort().join('');

/** Where marks stand above or below a letter, pdftotext cannot know which comes first: then the same characters in a line are enough. */
const shownIn = (text: string, line: string) =>
  withoutSpaces(text).includes(withoutSpaces(line)) ||
  (/\p{M}/u.test(line) && text.split('\n').some((shown) => sorted(shown.replace('SW1Y 4JH', '')) === sorted(line)));

describeWith(missingForLabels(), 'a label', () => {
  test('is one page of 4 × 6 inches with both addresses, the order and a barcode that a scanner reads', async () => {
    const label = await read();

    expect(label).toMatchObject({ pages: 1, size: '288 x 432', barcodes: ['CODE-128:DC01234567890123456789'] });
    for (const line of ['Ada Lovelace', 'London SW1Y 4JH', 'UNITED KINGDOM', 'Müller Versand GmbH', 'GERMANY', 'chk_1'])
      expect(label.text).toContain(line);
    expect(label.text).toContain('DC01234567890123456789');
  });

  test.each([
    ['Greek', 'Μαρία Παπαδοπούλου', 'Ερμού 15', 'Αθήνα'],
    ['Cyrillic', 'Анна Каренина', 'Тверская улица, д. 7', 'Москва'],
    ['Vietnamese', 'Nguyễn Thị Ánh', '12 Phố Huế', 'Hà Nội'],
    ['Chinese', '王小明', '北京市朝阳区建国路88号', '北京'],
    ['Japanese', '山田 太郎', '丸の内１丁目９−１ グラントウキョウ', '千代田区'],
    ['Korean', '김철수', '세종대로 110', '서울특별시'],
    ['Arabic', 'محمد عبد الله', 'شارع الملك فهد', 'الرياض'],
    ['Hebrew', 'דוד כהן', 'רחוב הרצל', 'תל אביב'],
    ['Thai', 'สมชาย ใจดี', 'ถนนสุขุมวิท', 'กรุงเทพ'],
    ['Hindi', 'राम शर्मा', 'महात्मा गांधी रोड', 'दिल्ली'],
    ['Tamil', 'முருகன்', 'அண்ணா சாலை', 'சென்னை'],
    ['Bengali', 'রহিম উদ্দিন', 'মিরপুর রোড', 'ঢাকা'],
    ['Georgian', 'გიორგი', 'რუსთაველის გამზირი', 'თბილისი'],
    ['Armenian', 'Արամ', 'Աբովյան փողոց', 'Երևան'],
    ['Amharic', 'አበበ', 'ቦሌ መንገድ', 'አዲስ አበባ'],
    ['Khmer', 'សុខ', 'ផ្លូវព្រះសីហនុ', 'ភ្នំពេញ'],
    ['Burmese', 'အောင်', 'ပြည်လမ်း', 'ရန်ကုန်'],
    ['Tibetan', 'བསྟན་འཛིན', 'བར་འཁོར', 'ལྷ་ས'],
  ])('shows an address in %s', async (_script, name, line1, city) => {
    const { text, pages } = await read({ to: { ...LONDON, name, line1, city } });

    expect(pages).toBe(1);
    expect(text).not.toContain('\ufffd');
    for (const line of [name, line1, city]) expect(shownIn(text, line)).toBe(true);
  });

  test('numbers in a line that is written from right to left keep their order', async () => {
    const { text } = await read({ to: { ...LONDON, name: 'محمد', line1: 'شارع الملك 1234 (ب)', city: 'שדרות 56/78' } });

    expect(text).toContain('1234');
    expect(text).toContain('56/78');
  });

  test('the longest address that the API takes fits, in narrow and in wide letters', async () => {
    for (const letter of ['W', '漢', 'ﷺ', 'e\u0301']) {
      const long = letter.repeat(100 / letter.length);
      const to = {
        name: long,
        line1: long,
        line2: long,
        city: long,
        region: long,
        postalCode: '1234567890123456',
        country: 'GB',
      };

      const { text, pages, barcodes } = await read({ to, from: to, phone: '+44 20 7946 0000' });

      expect(pages).toBe(1);
      expect(barcodes).toEqual(['CODE-128:DC01234567890123456789']);
      expect(text).toContain('1234567890123456');
      expect(text).toContain('+44 20 7946 0000');
    }
  });

  test('hostile text is text', async () => {
    const hostile = '\u202eecila\u2069 ) Tj ET /JS (app.alert) \\051\u0000\r\nUNITED STATES\u2028<b>&amp;';

    const { text, pages, barcodes } = await read({ to: { ...LONDON, name: hostile } });

    expect(pages).toBe(1);
    expect(barcodes).toEqual(['CODE-128:DC01234567890123456789']);
    expect(text).toContain('ecila ) Tj ET /JS');
    expect(text).not.toMatch(/[\u202e\u2069\u2028]/);
    // On the name's own line, where it is not the country.
    expect(text).not.toMatch(/^\s*UNITED STATES\s*$/m);
  });
});

test('a label that is drawn again is the same bytes', async () => {
  expect(Buffer.from(await draw()).equals(Buffer.from(await draw()))).toBe(true);
});
