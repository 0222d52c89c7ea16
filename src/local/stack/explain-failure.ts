import { PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import { PartDidNotStart } from './wait-until-ready';

const OWN: Readonly<Partial<Record<PartName, string>>> = {
  postgres: 'set DATABASE_URL to use one of your own',
  temporal: 'set TEMPORAL_ADDRESS to use one of your own, or TEMPORAL_CLI to another program',
  redis: 'set REDIS_URL to use one of your own, or REDIS_URL=off to go without',
};
/** Deletes the data: no advice for what has nothing to do with it. */
const FRESH =
  'if its log says that the data is from another version or damaged, `npm start -- --fresh` begins anew, without the orders';
const LOOK = 'its log says why';

/** A part that lives and is not ready has been asked why. One that ended may have been unable to use its data. */
const adviceFor = ({ child: { name }, died }: PartDidNotStart): string =>
  [OWN[name] ?? LOOK, ...(died && name !== 'redis' ? [FRESH] : [])].join('; ');

/** Why the stack did not start, and what to do about it, for a person. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof PartDidNotStart)) return error instanceof Error ? error.message : String(error);
  const { child, why } = error;
  const tail = child.log.tail().replaceAll(/^/gm, '  ');
  return [
    `${PART_TITLES[child.name]} did not start (${why}). The end of ${child.log.file}:`,
    tail,
    `What to do: ${adviceFor(error)}.`,
  ].join('\n');
}
