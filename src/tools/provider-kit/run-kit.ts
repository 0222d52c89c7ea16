import { notTried } from '../suite/row';
import type { Row, RowReport } from '../suite/row';
import { tryRow } from '../suite/try-row';
import type { Bench, OpenProvider } from './bench';
import type { KitRole } from './calls-of';
import { rowsInProcess, rowsOverHttp } from './rows';

/** A provider that hangs must not block a pipeline: rows left after this count as failed. */
const KIT_LIMIT_MS = 300_000;

export interface Listener {
  begun(row: string, at: number, of: number): void;
  ended(report: RowReport): void;
}

/** Runs every try of the role, one after another. Each uses its own keys, so other traffic does not matter. */
export async function runKit<R extends KitRole>(
  { bench, untried }: Pick<OpenProvider<R>, 'bench' | 'untried'>,
  listener: Listener,
): Promise<RowReport[]> {
  const begun = performance.now();
  const rows = rowsFor(bench, untried);
  const reports: RowReport[] = [];
  try {
    for (const [at, row] of rows.entries()) {
      listener.begun(row.row, at, rows.length);
      const late = performance.now() - begun > KIT_LIMIT_MS;
      const report = late ? notTried(row, `the kit's ${KIT_LIMIT_MS / 1_000} s were over`) : await tryRow(row, bench);
      reports.push(report);
      listener.ended(report);
    }
    return reports;
  } finally {
    await bench.tidy();
  }
}

function rowsFor<R extends KitRole>({ role, http }: Bench<R>, untried?: string): readonly Row<Bench<R>>[] {
  if (untried !== undefined) return [{ row: 'every try', hidden: untried }];
  return http ? rowsOverHttp(role) : rowsInProcess(role);
}
