import type { JournalLine } from '../../../src/tools/verify/money/journal-line';
import type { Verdict } from '../../../src/tools/verify/verdict';

export const NOON = Date.parse('2026-01-02T12:00:00.000Z');

/** A line with this operation and outcome (`label generated`), for this provider key, `afterMs` after noon. */
export function aLine(what: string, key: string, afterMs = 0): JournalLine {
  const [operation = '', outcome = ''] = what.split(' ');
  return { at: new Date(NOON + afterMs).toISOString(), operation, outcome, key };
}

export const foundIn = ({ examples }: Verdict): string[] =>
  examples.map(({ kind, checkoutId }) => `${kind} ${checkoutId ?? '*'}`);
