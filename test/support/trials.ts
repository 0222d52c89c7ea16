import { InvalidArgumentError } from 'commander';
import { countLine } from './count-line';

/** `broken`: there was no trial, because a patch does not apply or compile, or what was to look at it did not run. */
export type TrialVerdict = 'caught' | 'survived' | 'passed' | 'not-passed' | 'broken';

interface Named {
  readonly name: string;
}

export const isGood = ({ verdict }: { readonly verdict: TrialVerdict }): boolean =>
  verdict === 'caught' || verdict === 'passed';

/** What `--only` takes: some of these, separated by commas. */
export const namesOf =
  (known: readonly Named[]) =>
  (text: string): string[] => {
    const wanted = text.split(',');
    const unknown = wanted.find((name) => !known.some((mutant) => mutant.name === name));
    if (unknown !== undefined) throw new InvalidArgumentError(`There is no mutant ${unknown}.`);
    return wanted;
  };

/** Those that were asked for; all, where none was. */
export const chosen = <Mutant extends Named>(known: readonly Mutant[], only: readonly string[]): readonly Mutant[] =>
  only.length === 0 ? known : known.filter(({ name }) => only.includes(name));

/** One after the other: two at a time would be each other's fault. Interrupted, what there is. */
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
