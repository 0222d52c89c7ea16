import { PART_TITLES } from './part-names';
import type { PartName } from './part-names';
import { PartDidNotStart } from './wait-until-ready';

const OWN: Readonly<Partial<Record<PartName, string>>> = {
  postgres: 'set DATABASE_URL to use your own',
  temporal: 'set TEMPORAL_ADDRESS to use your own, or TEMPORAL_CLI to use another program',
  redis: 'set REDIS_URL to use your own, or REDIS_URL=off to do without',
};
/** It deletes the data, so it is advised only where the data may be the cause. */
const FRESH =
  'if its log says that the data is damaged or from another version, `npm start -- --fresh` deletes all orders and starts over';
const LOOK = 'its log says why';

/** A part that is alive but not ready has said why. One that died may have been unable to use its data. */
const adviceFor = ({ child: { name }, died }: PartDidNotStart): string =>
  [OWN[name] ?? LOOK, ...(died && name !== 'redis' ? [FRESH] : [])].join('; ');

/** Tells a person why the stack did not start, and what to do about it. */
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
