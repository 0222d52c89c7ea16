import type { Place } from './journal';

/** What a provider says: an outcome, and what it has to say about it. */
export interface Answer {
  readonly outcome: string;
  readonly [fact: string]: string | number;
}

/**
 * One line of a journal: one thing that happened. Facts of the answer (ids, amount, currency, reason) stand beside it.
 * Never an address, an e-mail or a token: of the body only its digest is kept, which is enough to tell two bodies apart.
 */
export interface Entry extends Answer, Place {
  readonly provider: string;
  readonly operation: string;
  readonly key: string;
  readonly bodyDigest: string;
}

/** What the caller of `append` knows; place and time are the journal's. */
export type NewEntry = Answer & Pick<Entry, 'provider' | 'operation' | 'key' | 'bodyDigest'>;

const PLACE: ReadonlySet<string> = new Set(['at', 'seq', 'provider', 'operation', 'key', 'bodyDigest']);

/** The answer that an entry recorded, to be given again. */
export function answerOf(entry: Entry): Answer {
  const facts = Object.entries(entry).filter(([name]) => !PLACE.has(name));
  return { ...Object.fromEntries(facts), outcome: entry.outcome };
}

/** Whether a line read back is one that we wrote, in its place. */
export function isEntry(value: unknown, seq: number): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<string, unknown>>;
  return (
    entry.seq === seq &&
    ['at', 'provider', 'operation', 'key', 'outcome', 'bodyDigest'].every((field) => typeof entry[field] === 'string')
  );
}
