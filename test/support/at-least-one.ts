import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../src/tools/terminal/arguments';

/** Parses an option's value: a whole number of at least 1. */
export function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}
