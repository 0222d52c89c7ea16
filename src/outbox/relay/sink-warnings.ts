import type { Database, Queryable } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import type { Sink } from '../sink';

/** An operator who changes a sink's settings soon sees the effect. */
const LOOK_EVERY_MS = 60_000;

export interface SinkWarning {
  readonly sink: string;
  readonly warning: string;
}

/** Checks whether sinks may lose events that they have, and warns operators. If a sink cannot be asked, its last warning stays. */
export const watchSinks = (db: Database, sinks: readonly Sink[], logger: Logger): Loop =>
  startLoop(
    'watch-sinks',
    async () => {
      for (const sink of sinks) {
        if (!sink.endangered) continue;
        // If it is away, its lanes say so.
        const said = await sink.endangered().then(
          (warning) => ({ warning }),
          () => undefined,
        );
        if (said) await note(db, logger, { sink: sink.name, warning: said.warning });
      }
      return 0;
    },
    { restMs: LOOK_EVERY_MS, full: 1, logger },
  );

/** Only the relay that stores it first logs it. */
async function note(db: Queryable, logger: Logger, { sink, warning }: { sink: string; warning: string | undefined }) {
  if (warning === undefined) {
    const { rowCount } = await db.query(`delete from outbox_sink_warnings where sink = $1`, [sink]);
    if (rowCount === 1) logger.info({ sink }, 'the sink no longer endangers its events');
    return;
  }
  const { rowCount } = await db.query(
    `insert into outbox_sink_warnings (sink, warning)
     values ($1, $2)
     on conflict (sink) do update set warning = excluded.warning, since = now() where outbox_sink_warnings.warning <> excluded.warning`,
    [sink, warning],
  );
  if (rowCount === 1) logger.warn({ sink }, warning);
}

export async function sinkWarnings(db: Queryable): Promise<SinkWarning[]> {
  const { rows } = await db.query<SinkWarning>(`select sink, warning from outbox_sink_warnings order by sink`);
  return rows;
}
