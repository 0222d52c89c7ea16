import { InvalidArgumentError } from 'commander';
import { MOMENT_EXAMPLE, isMoment } from '../../domain/moment';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

/** `MUG-BLUE` or `MUG-BLUE:2`, appended to the lines given before. */
export function cartLine(text: string, before: readonly CartLine[] = []): CartLine[] {
  const colon = text.lastIndexOf(':');
  const sku = colon === -1 ? text : text.slice(0, colon);
  if (sku === '') throw new InvalidArgumentError('Expected SKU or SKU:quantity.');
  const quantity = colon === -1 ? 1 : wholeNumber(text.slice(colon + 1));
  if (quantity < 1) throw new InvalidArgumentError('The quantity must be at least 1.');
  return [...before, { sku, quantity }];
}

/** Digits only: `Number` would also accept `1e3`, `0x10` and an empty text. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** Only refuses what an HTTP header cannot carry; the API says what else is wrong with a key. */
export function headerText(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new InvalidArgumentError('It must not be empty or contain spaces or accents.');
  return text;
}

/** The API refuses a blank reason too, but only after a person has typed the rest. */
export function sentence(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be blank.');
  return text;
}

export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('Expected an address such as http://127.0.0.1:3000.');
  }
  return url.href.replace(/\/+$/, '');
}

/** The name of a sink or of one of its targets. */
export function sinkName(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('Expected a name such as webhooks.');
  return text;
}

export function moment(text: string): string {
  if (!isMoment(text)) throw new InvalidArgumentError(`Expected a time such as ${MOMENT_EXAMPLE}.`);
  return text;
}

export function checkoutId(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('Expected an id such as chk_0123abcd.');
  return text;
}
