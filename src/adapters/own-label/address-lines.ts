import type { Address } from '../../domain/order';
import { inert } from '../inert-text';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** As the Universal Postal Union wants it: from the name down to the country, which is in capitals and in English. */
export const addressLines = ({ name, line1, line2, city, region, postalCode, country }: Address): readonly string[] =>
  [
    name,
    line1,
    line2,
    [city, region, postalCode]
      .map((part) => inert(part ?? ''))
      .filter(Boolean)
      .join(' '),
  ]
    .map((line) => inert(line ?? ''))
    .concat((countries.of(country) ?? country).toUpperCase())
    .filter(Boolean);
