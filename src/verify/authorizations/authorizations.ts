import type { JournalLine } from '../money/journal-line';
import { pagesOf } from '../pages';
import { sandboxJournal } from '../sandbox-journal';
import type { Scene } from '../scene';
import type { Verdict } from '../verdict';
import { checkAuthorizations } from './check-authorizations';
import type { Identity } from './check-authorizations';

const PROVIDERS = ['payments', 'warehouse', 'mail', 'carrier'] as const;

/** P1, on a live system. */
export const authorizations = ({ db, places }: Scene): Promise<Verdict> =>
  checkAuthorizations({
    journals: Object.fromEntries(
      PROVIDERS.map((provider) => [provider, sandboxJournal<JournalLine>(places.sandbox, provider)]),
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
