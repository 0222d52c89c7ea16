import type { Draws } from '../proof/draws';

export interface Range {
  readonly min: number;
  readonly max: number;
}

export const between = (random: Draws, { min, max }: Range): number => min + random.next() * (max - min);

export function oneOf<T>(random: Draws, items: readonly T[]): T {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from');
  return item;
}
