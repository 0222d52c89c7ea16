import { ratio } from '../measure';
import type { Measured } from '../measure';

const NAME = /^(\w+)At(\d+)$/;

/** A system measured with so many finished orders. */
export const nameAt = (system: string, size: number): string => `${system}At${size}`;

/** Our rate with the most finished orders over that with the fewest, each over the empty workflow's of the same round. */
export function growthRatio(results: readonly Measured[]): ReturnType<typeof ratio> | undefined {
  const sizes = results.map(({ system }) => Number(NAME.exec(system)?.[2])).filter((size) => !Number.isNaN(size));
  if (new Set(sizes).size < 2) return undefined;
  const overEmpty = (size: number): Measured[] => {
    const of = (system: string) => results.filter((result) => result.system === nameAt(system, size));
    const floor = of('empty');
    return of('http').map((ours, round) => ({ ...ours, perSecond: ours.perSecond / (floor[round]?.perSecond ?? NaN) }));
  };
  return ratio(overEmpty(Math.max(...sizes)), overEmpty(Math.min(...sizes)));
}
