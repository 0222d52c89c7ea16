import type { Role } from '../../ports/providers';
import type { Queryable } from '../../postgres/database';
import { choiceIn } from './elsewhere';
import type { AtSandbox } from './elsewhere';
import { checkoutIdOf } from './money/journal-line';
import type { JournalLine } from './money/journal-line';
import { JOURNALS, sandboxJournal } from './sandbox-journal';
import type { Stream } from './stream';

/** A choice is the sandbox, whatever its adapter, if the role's journal has one of its orders. Reads a journal only as far as it must. */
export async function choicesAtSandbox(db: Queryable, sandbox: string): Promise<AtSandbox> {
  const found = new Set<string>();
  for (const role of JOURNALS) {
    const open = await choicesOf(db, role);
    if (open.size === 0) continue;
    for await (const checkoutIds of checkoutsIn(sandboxJournal<JournalLine>(sandbox, role))) {
      for (const choice of await choicesOf(db, role, checkoutIds)) {
        if (open.delete(choice)) found.add(choiceIn(role, choice));
      }
      if (open.size === 0) break;
    }
  }
  return found;
}

/** Of these checkouts, or of all: where the role is served, other than by the adapter `sandbox`. */
async function choicesOf(db: Queryable, role: Role, checkoutIds?: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ choice: string }>(
    `select distinct providers ->> $1 as choice
       from checkouts
      where providers ->> $1 <> 'sandbox'
        and ($2::text[] is null or id = any ($2))`,
    [role, checkoutIds ?? null],
  );
  return new Set(rows.map(({ choice }) => choice));
}

const BATCH = 5_000;

async function* checkoutsIn(journal: Stream<JournalLine>): AsyncGenerator<string[]> {
  let batch = new Set<string>();
  for await (const line of journal) {
    batch.add(checkoutIdOf(line));
    if (batch.size < BATCH) continue;
    yield [...batch];
    batch = new Set();
  }
  yield [...batch];
}
