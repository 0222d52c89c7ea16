import { PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import { PartDidNotStart } from './while-starting';

const FRESH = 'if the data is from another version or damaged, `npm start -- --fresh` begins anew';
const REPORT = `its log says why; ${FRESH}`;

const ADVICE: Readonly<Record<PartName, string>> = {
  postgres: `set DATABASE_URL to use one of your own, or, ${FRESH}`,
  temporal: `set TEMPORAL_ADDRESS to use one of your own, or TEMPORAL_CLI to another program; ${FRESH}`,
  redis: 'set REDIS_URL to use one of your own, or REDIS_URL=off to go without',
  sandbox: REPORT,
  worker: REPORT,
  api: REPORT,
  relay: REPORT,
  codec: REPORT,
};

/** Why the stack did not start, and what to do about it, for a person. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof PartDidNotStart)) return error instanceof Error ? error.message : String(error);
  const { child, why } = error;
  const tail = child.log.tail().replaceAll(/^/gm, '  ');
  return [
    `${PART_TITLES[child.name]} did not start (${why}). The end of ${child.log.file}:`,
    tail,
    `What to do: ${ADVICE[child.name]}.`,
  ].join('\n');
}
