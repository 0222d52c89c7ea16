import type { Queryable } from '../../../postgres/database';
import type { Scene } from '../scene';
import type { Verdict } from '../verdict';
import { checkOperators } from './check-operators';
import type { Act } from './check-operators';
import type { DeskEvent } from './event-judge';

/** P11, on a live system. Acts and events fit in memory: people caused each of them. */
export async function operators({ db }: Scene): Promise<Verdict> {
  const events = await readEvents(db);
  return checkOperators({ acts: await readActs(db), events });
}

async function readActs(db: Queryable): Promise<Act[]> {
  const { rows } = await db.query<Act>(
    `select id, 'repair' as kind, checkout_id as "checkoutId", operator, reason, done_at as at, step, action,
            kind as about, seen,
            (select count(*)::integer from resumes where resumes.checkout_id = repairs.checkout_id and resumed_at < done_at) as run,
            exists (
              select
                from attention
               where attention.checkout_id = repairs.checkout_id
                 and attention.step = repairs.step
                 and attention.kind = repairs.kind
            ) as asked
       from repairs
      union all
     select id, 'redrive', checkout_id, operator, reason, requested_at, null, null, null, null, null, true
       from outbox_redrives
      union all
     select id, 'resume', checkout_id, operator, reason, resumed_at, null, null, null, null, null, true
       from resumes
      where id is not null
      order by at`,
  );
  return rows;
}

async function readEvents(db: Queryable): Promise<DeskEvent[]> {
  const { rows } = await db.query<DeskEvent>(
    `select aggregateid as "checkoutId", type, payload ->> 'kind' as kind,
            case type
              when 'notification.skipped' then 'notification-sent'
              when 'loyalty.skipped' then 'loyalty-awarded'
              else payload ->> 'step'
            end as step,
            exists (select from outbox_events first where first.aggregateid = event.aggregateid and first.sequence = 1) as "isWhole"
       from outbox_events event
      where type in ('attention.raised', 'attention.cleared', 'notification.skipped', 'loyalty.skipped')
      order by aggregateid, sequence`,
  );
  return rows;
}
