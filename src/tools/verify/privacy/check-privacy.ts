import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { Sieve } from './sieve';
import type { Secret } from './sieve';

/** Something that is kept where others than the customer's shop may read it. */
export interface Text {
  /** `histories`, `logs` …: what its findings are counted under. */
  readonly kind: string;
  /** For a person who wants to look. */
  readonly place: string;
  readonly text: string;
}

/** P10: none of what customers and callers would not have others read can be read there. What was found is not said again. */
export async function checkPrivacy(secrets: readonly Secret[], texts: Stream<Text>): Promise<Verdict> {
  const tally = new Tally();
  const sieve = new Sieve(secrets);
  for await (const { kind, place, text } of texts) {
    const figures = (tally.details[kind] ??= { looked: 0, found: 0 });
    tally.checked += 1;
    figures['looked'] = (figures['looked'] ?? 0) + 1;
    const found = sieve.find(text);
    if (!found) continue;
    figures['found'] = (figures['found'] ?? 0) + 1;
    tally.violation('readable', null, `${place} shows ${found.kind}${found.of === null ? '' : ` of ${found.of}`}`);
  }
  tally.notes.push(
    `${sieve.size} values of ${new Set(secrets.map(({ of }) => of)).size} checkouts and keys were looked for`,
  );
  return tally;
}
