import { format } from '../../domain/money';
import type { Money } from '../../domain/money';
import type { Mailer } from '../../ports/mailer';
import { inert } from '../inert-text';
import type { Words } from './templates';

type Confirmation = Parameters<Mailer['sendConfirmation']>[0];

/** Somebody who orders with a stranger's address could otherwise have us send that stranger a link. */
const LOOKS_LIKE_AN_ADDRESS = /:\/\/|@|www\.|\w\.\w{2}/i;

export const confirmationWords = (
  { orderId, name, total, lines, deliveryPromise }: Confirmation,
  locale: string,
): Words => ({
  orderId,
  name: LOOKS_LIKE_AN_ADDRESS.test(inert(name)) ? null : name,
  total: amountIn(locale, total),
  lines: lines.map((line) => ({ quantity: String(line.quantity), goods: line.name ?? line.sku })),
  delivery: deliveryPromise === undefined ? null : dayIn(locale, deliveryPromise),
});

/** `December 1, 2026`. What is not a day is shown as the warehouse wrote it. */
function dayIn(locale: string, day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.valueOf())) return day;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

/** `$30.00`, or `30,00 $` in German. Exact: it is formatted from digits, not from a float. */
export function amountIn(locale: string, money: Money): string {
  const [currency, digits] = format(money).split(' ') as [string, Intl.StringNumericLiteral];
  // ISO 4217's number of decimals: locale data round some currencies to whole units.
  const decimals = digits.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(locale, {
    ...{ style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  }).format(digits);
}
