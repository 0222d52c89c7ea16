import { ratio } from '../measure';
import type { Measured } from '../measure';
import { GROWN, nameAt } from './circumstances';

/** Our rate with the most finished orders over that with the fewest, each divided by the empty workflow's rate of the same round. */
export function growthRatio(results: readonly Measured[]): ReturnType<typeof ratio> | undefined {
  const sizes = results.map(({ system }) => Number(GROWN.exec(system)?.[1])).filter((size) => !Number.isNaN(size));
  if (new Set(sizes).size < 2) return undefined;
  const overEmpty = (size: number): Measured[] => {
    const of = (system: string) => results.filter((result) => result.system === nameAt(system, size));
    const floor = of('empty');
    return of('http').map((ours, round) => ({ ...ours, perSecond: ours.perSecond / (floor[round]?.perSecond ?? NaN) }));
  };
  return ratio(overEmpty(Math.max(...sizes)), overEmpty(Math.min(...sizes)));
}
