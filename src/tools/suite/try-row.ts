import type { Row, RowReport } from './row';
import { NotObserved } from './violation';

/** Runs every check of a row, even after one has failed: one run shows everything. */
export async function tryRow<Subject>(row: Row<Subject>, subject: Subject): Promise<RowReport> {
  if ('hidden' in row) return { row: row.row, result: 'not-observable', ms: 0, detail: row.hidden };

  const begun = performance.now();
  const wrong: string[] = [];
  const unseen: string[] = [];
  for (const { says, run } of row.checks) {
    try {
      await run(subject);
    } catch (error) {
      // Any error counts, a lost connection too: the promise was not seen to be kept.
      const list = error instanceof NotObserved ? unseen : wrong;
      list.push(`${says}: ${sentenceOf(error)}`);
    }
  }
  const result = wrong.length > 0 ? 'fail' : unseen.length === row.checks.length ? 'not-observable' : 'pass';
  const detail = [...wrong, ...unseen.map((sentence) => `not observed: ${sentence}`)].join('\n');
  return { row: row.row, result, ms: Math.round(performance.now() - begun), detail };
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  return error.message !== '' ? error.message : ((error as NodeJS.ErrnoException).code ?? error.name);
}
