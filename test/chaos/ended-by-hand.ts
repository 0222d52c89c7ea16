import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** The file of workflows that were ended from outside, in the form that `verify --ended-by-hand` reads. */
export const endedByHandIn = ({ dataDir }: { readonly dataDir: string }): string =>
  path.join(dataDir, 'ended-by-hand.jsonl');

export const beginEndedByHand = (place: { readonly dataDir: string }): void => writeFileSync(endedByHandIn(place), '');
