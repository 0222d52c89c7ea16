import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { Sieve } from './sieve';
import type { Secret } from './sieve';

/** A text that others than the customer's shop may read. */
export interface Text {
  /** `histories`, `logs` …: the row of the report that counts it. */
  readonly kind: string;
  /** Where it is, for a person who wants to look it up. */
  readonly place: string;
  readonly text: string;
}

/**
 * P10: no personal data, token or key can be read there. What was found is never printed. The ids of workflows do not count: they are made
 * of the client's own `Idempotency-Key`, whatever that contains.
 */
export async function checkPrivacy(
  secrets: readonly Secret[],
  texts: Stream<Text>,
  workflowIds: readonly string[] = [],
): Promise<Verdict> {
  const tally = new Tally();
  const sieve = new Sieve(secrets);
  // The longest first: one may be the beginning of another.
  const allowed = workflowIds.filter((id) => sieve.find(id)).sort((one, other) => other.length - one.length);
  for await (const { kind, place, text } of texts) {
    const figures = (tally.details[kind] ??= { looked: 0, found: 0 });
    tally.checked += 1;
    figures['looked'] = (figures['looked'] ?? 0) + 1;
    const found = sieve.find(allowed.reduce((rest, id) => rest.replaceAll(id, ' '), text));
    if (!found) continue;
    figures['found'] = (figures['found'] ?? 0) + 1;
    tally.violation('readable', null, `${place} shows ${found.kind}${found.of === null ? '' : ` of ${found.of}`}`);
  }
  tally.notes.push(
    `searched for ${sieve.size} values of ${new Set(secrets.map(({ of }) => of)).size} checkouts and keys`,
  );
  return tally;
}
