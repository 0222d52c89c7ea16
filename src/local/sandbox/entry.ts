import type { Place } from './journal';

/** A provider's answer: an outcome and its facts. */
export interface Answer {
  readonly outcome: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly [fact: string]: string | number | readonly string[];
}

/**
 * One line of a journal: one thing that happened, with the facts of the answer (ids, amount, currency, reason).
 * Never an address, an e-mail or a token: only a digest of the body is stored, which is enough to tell two bodies apart.
 */
export interface Entry extends Answer, Place {
  readonly provider: string;
  readonly operation: string;
  readonly key: string;
  readonly bodyDigest: string;
  /** The caller's id of a refund, where there may be several under one key. */
  readonly refund?: string;
}

/** An entry before `append`, which adds its place and time. */
export type NewEntry = Answer & Pick<Entry, 'provider' | 'operation' | 'key' | 'bodyDigest' | 'refund'>;

const PLACE: ReadonlySet<string> = new Set(['at', 'seq', 'provider', 'operation', 'key', 'bodyDigest']);

/** The answer that an entry recorded. */
export function answerOf(entry: Entry): Answer {
  const facts = Object.entries(entry).filter(([name]) => !PLACE.has(name));
  return { ...Object.fromEntries(facts), outcome: entry.outcome };
}

/** Whether a line that was read is one of ours, in its place. */
export function isEntry(value: unknown, seq: number): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<string, unknown>>;
  return (
    entry.seq === seq &&
    ['at', 'provider', 'operation', 'key', 'outcome', 'bodyDigest'].every((field) => typeof entry[field] === 'string')
  );
}
