import type { Row, RowReport } from './row';
import { NotObserved } from './violation';

/** Runs every check of a row, even after one has failed: one run shows everything. */
export async function tryRow<Subject>(row: Row<Subject>, subject: Subject): Promise<RowReport> {
  if ('hidden' in row) return { row: row.row, result: 'not-observable', ms: 0, detail: row.hidden };

  const begun = performance.now();
  const wrong: string[] = [];
  const unseen = new Map<string, string>();
  for (const { says, run } of row.checks) {
    try {
      await run(subject);
    } catch (error) {
      // Any error counts, a lost connection too: the promise was not seen to be kept.
      if (error instanceof NotObserved) unseen.set(says, error.message);
      else wrong.push(`${says}: ${sentenceOf(error)}`);
    }
  }
  const ms = Math.round(performance.now() - begun);
  const reasons = new Set(unseen.values());
  // One reason for the whole row is told once.
  if (unseen.size === row.checks.length && reasons.size === 1)
    return { row: row.row, result: 'not-observable', ms, detail: [...reasons].join() };
  const result = wrong.length > 0 ? 'fail' : unseen.size === row.checks.length ? 'not-observable' : 'pass';
  const detail = [...wrong, ...[...unseen].map(([says, why]) => `not observed: ${says}: ${why}`)].join('\n');
  return { row: row.row, result, ms, detail };
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  return error.message !== '' ? error.message : ((error as NodeJS.ErrnoException).code ?? error.name);
}
