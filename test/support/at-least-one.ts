import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../src/tools/terminal/arguments';

/** An option's value: a whole number, and not none. */
export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}
