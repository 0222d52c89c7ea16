import { PROCESSES } from './sample';
import type { Sample } from './sample';

/** A figure that is sampled, and how much it may grow during the second half. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly of: (sample: Sample) => number;
  /** In the unit, or as a share of the median. */
  readonly allowed: { readonly absolute: number } | { readonly share: number };
}

/** Garbage collection is irregular: memory goes up and down by this much for no other reason. */
const MEMORY = { share: 0.1 };

export const SERIES: readonly Series[] = [
  ...PROCESSES.map((name): Series => ({ name, unit: 'MB', of: ({ memory }) => memory[name], allowed: MEMORY })),
  { name: 'connections', unit: '', of: ({ connections }) => connections, allowed: { absolute: 1 } },
  { name: 'outbox age', unit: 's', of: ({ outboxAge }) => outboxAge, allowed: { absolute: 1 } },
  { name: 'under way', unit: '', of: ({ underWay }) => underWay, allowed: { absolute: 5 } },
];

export interface Growth {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly max: number;
  /** The rise of the regression line, from its beginning to its end. */
  readonly growth: number;
  readonly allowed: number;
  readonly flat: boolean;
}

/** Judges the second half: during the first, caches fill, pools open and code is compiled. */
export function growthOf(samples: readonly Sample[], { name, unit, of, allowed: limit }: Series): Growth {
  const points = samples.slice(Math.floor(samples.length / 2)).map((sample) => [sample.minutes, of(sample)] as const);
  const values = points.map(([, value]) => value).sort((one, other) => one - other);
  const median = values[Math.floor(values.length / 2)] ?? 0;
  const [from = 0, to = 0] = [points[0]?.[0], points.at(-1)?.[0]];
  const growth = slopeOf(points) * (to - from);
  const allowed = 'share' in limit ? limit.share * median : limit.absolute;
  return { name, unit, median, max: values.at(-1) ?? 0, growth, allowed, flat: growth <= allowed };
}

/** The slope per minute, by least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [middle, level] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [at]) => sum + (at - middle) ** 2, 0);
  return points.reduce((sum, [at, value]) => sum + (at - middle) * (value - level), 0) / spread;
}
