import type { JournalLine } from '../money/journal-line';
import { pagesOf } from '../pages';
import { NO_JOURNALS, sandboxJournal } from '../sandbox-journal';
import type { Scene } from '../scene';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkAuthorizations } from './check-authorizations';
import type { Identity } from './check-authorizations';

const PROVIDERS = ['payments', 'warehouse', 'mail', 'carrier'] as const;

/** P1, on a live system. */
export async function authorizations({ db, connections }: Scene): Promise<Verdict> {
  const { sandbox } = connections;
  const verdict = await checkAuthorizations({
    journals: Object.fromEntries(
      sandbox === undefined
        ? []
        : PROVIDERS.map((provider) => [provider, sandboxJournal<JournalLine>(sandbox, provider)]),
    ),
    checkouts: pagesOf<Identity>(
      db,
      `select id as "checkoutId", tenant, idempotency_key as key
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
