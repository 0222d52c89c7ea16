import { choicesAtSandbox } from '../at-sandbox';
import type { JournalLine } from '../money/journal-line';
import { pagesOf } from '../pages';
import { JOURNALS, NO_JOURNALS, sandboxJournal } from '../sandbox-journal';
import type { Scene } from '../scene';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkAuthorizations } from './check-authorizations';
import type { Identity } from './check-authorizations';

/** P1, on a live system. */
export async function authorizations({ db, connections }: Scene): Promise<Verdict> {
  const { sandbox } = connections;
  const verdict = await checkAuthorizations({
    journals: Object.fromEntries(
      sandbox === undefined
        ? []
        : JOURNALS.map((provider) => [provider, sandboxJournal<JournalLine>(sandbox, provider)]),
    ),
    atSandbox: sandbox === undefined ? undefined : await choicesAtSandbox(db, sandbox),
    checkouts: pagesOf<Identity>(
      db,
      `select id as "checkoutId", tenant, idempotency_key as key, providers
         from checkouts
        where id > $1
        order by id
        limit $2`,
    ),
  });
  return sandbox === undefined
    ? withUnseen(verdict, connections, [`charges and provider keys: ${NO_JOURNALS}`])
    : verdict;
}
