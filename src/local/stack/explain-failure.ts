import type { PartLog } from './part-log';
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

/** How pino begins such a line. */
const FATAL = '{"level":60,';

/** What one of our own programs said before it gave up by itself. It says what to do. */
function lastSentenceOf(log: PartLog): string | undefined {
  const line = log
    .tail()
    .split('\n')
    .findLast((each) => each.startsWith(FATAL));
  const { msg, err } = (line === undefined ? {} : JSON.parse(line)) as {
    readonly msg?: string;
    readonly err?: unknown;
  };
  // With an error it is a bug: nobody wrote a sentence for it.
  return err === undefined ? msg : undefined;
}

/** Tells a person why the stack did not start, and what to do about it. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof PartDidNotStart)) return error instanceof Error ? error.message : String(error);
  const { child, why } = error;
  const sentence = lastSentenceOf(child.log);
  if (sentence !== undefined)
    return `${PART_TITLES[child.name]} did not start. ${sentence}\nIts log: ${child.log.file}`;
  const tail = child.log.tail().replaceAll(/^/gm, '  ');
  return [
    `${PART_TITLES[child.name]} did not start (${why}). The end of ${child.log.file}:`,
    tail,
    `What to do: ${adviceFor(error)}.`,
  ].join('\n');
}
