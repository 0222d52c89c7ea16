import { InvalidArgumentError } from 'commander';
import { countLine } from './count-line';

/** `broken`: there was no trial, because a patch does not apply or compile, or the test did not run. */
export type TrialVerdict = 'caught' | 'survived' | 'passed' | 'not-passed' | 'broken';

interface Named {
  readonly name: string;
}

export const isGood = ({ verdict }: { readonly verdict: TrialVerdict }): boolean =>
  verdict === 'caught' || verdict === 'passed';

/** Parses `--only`: some of these names, separated by commas. */
export const namesOf =
  (known: readonly Named[]) =>
  (text: string): string[] => {
    const wanted = text.split(',');
    const unknown = wanted.find((name) => !known.some((mutant) => mutant.name === name));
    if (unknown !== undefined) throw new InvalidArgumentError(`There is no mutant ${unknown}.`);
    return wanted;
  };

/** The requested ones, or all. */
export const chosen = <Mutant extends Named>(known: readonly Mutant[], only: readonly string[]): readonly Mutant[] =>
  only.length === 0 ? known : known.filter(({ name }) => only.includes(name));

/** One after the other, since two at a time would disturb each other. When interrupted, returns those so far. */
export async function tryAll<Trial extends { readonly name: string; readonly verdict: TrialVerdict }>(
  all: readonly { readonly name: string; readonly run: () => Promise<Trial> }[],
  signal: AbortSignal,
): Promise<Trial[]> {
  const line = countLine(all.length);
  const trials: Trial[] = [];
  for (const { name, run } of all) {
    const last = trials.at(-1);
    line.show(trials.length, last ? `${last.name} ${last.verdict}, now ${name}` : name);
    const trial = await run().catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (!trial) break;
    trials.push(trial);
  }
  line.show(trials.length, '');
  line.end();
  return trials;
}
