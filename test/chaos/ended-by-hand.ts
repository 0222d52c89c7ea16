import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where it is written down which workflows were ended from outside, as `verify --ended-by-hand` reads it. */
export const endedByHandIn = ({ dataDir }: { readonly dataDir: string }): string =>
  path.join(dataDir, 'ended-by-hand.jsonl');

export const beginEndedByHand = (place: { readonly dataDir: string }): void => writeFileSync(endedByHandIn(place), '');
