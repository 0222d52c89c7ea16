import { InvalidArgumentError } from 'commander';
import { MOMENT_EXAMPLE, isMoment } from '../../domain/moment';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

/** `MUG-BLUE` or `MUG-BLUE:2`, added to those given before. */
export function cartLine(text: string, before: readonly CartLine[] = []): CartLine[] {
  const colon = text.lastIndexOf(':');
  const sku = colon === -1 ? text : text.slice(0, colon);
  if (sku === '') throw new InvalidArgumentError('It is SKU or SKU:quantity.');
  const quantity = colon === -1 ? 1 : wholeNumber(text.slice(colon + 1));
  if (quantity < 1) throw new InvalidArgumentError('The quantity is at least 1.');
  return [...before, { sku, quantity }];
}

/** Digits only: `Number` would also take `1e3`, `0x10` and an empty text. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('A whole number is wanted.');
  return value;
}

/** What else is wrong with a key is the API's to say; other characters could not be sent at all. */
export function headerText(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new InvalidArgumentError('It is not empty and has no spaces or accents.');
  return text;
}

/** A blank one would be refused by the API, but only after a person has typed the rest. */
export function sentence(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A sentence is wanted.');
  return text;
}

export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('An address such as http://127.0.0.1:3000 is wanted.');
  }
  return url.href.replace(/\/+$/, '');
}

/** Of a sink, or of one of its targets. */
export function sinkName(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('A name such as webhooks is wanted.');
  return text;
}

export function moment(text: string): string {
  if (!isMoment(text)) throw new InvalidArgumentError(`A moment such as ${MOMENT_EXAMPLE} is wanted.`);
  return text;
}

export function checkoutId(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('An id such as chk_0123abcd is wanted.');
  return text;
}
