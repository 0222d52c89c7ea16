import { printable } from '../terminal/printable';
import type { Streams } from '../terminal/screen';
import type { Source } from './candidate';
import type { Failure, Outcome } from './outcome';
import { progressBar } from './progress-bar';
import { outcomeLines, summary } from './report-lines';

/** The one object that `--json` prints. */
export const answer = (ok: boolean, replayed: number, failed: readonly Failure[]): string =>
  `${JSON.stringify({ ok, replayed, failed })}\n`;

/** Reports progress and results: to people, or with `json` to programs. */
export function reportTo({ stdout, stderr }: Streams, { title, total }: Source, json: boolean) {
  const started = performance.now();
  if (!json) stdout.write(`Replaying the histories ${printable(title)}\n\n`);
  const bar = progressBar(stderr, total);
  // Lines on the same terminal would tear the bar: failures wait until it is gone.
  const oneTerminal = stdout.isTTY === true && stderr.isTTY === true;
  const waiting: string[] = [];
  let apart = '';

  return {
    passed(outcome: Outcome): void {
      bar.passed(outcome.history);
      if (json) return;
      const lines = outcomeLines(outcome, stdout);
      if (!oneTerminal || outcome.failure) apart = '\n';
      if (!oneTerminal) stdout.write(lines);
      else if (outcome.failure) waiting.push(lines);
    },
    lift: bar.lift,
    /** True if every history replayed and there was at least one: a replay of nothing proves nothing. */
    end(outcomes: readonly Outcome[]): boolean {
      const failed = outcomes.flatMap(({ failure }) => failure ?? []);
      const replayed = outcomes.filter((outcome) => outcome.replayed).length;
      const ok = replayed > 0 && failed.length === 0;
      if (json) stdout.write(answer(ok, replayed, failed));
      else stdout.write(waiting.join(''));
      // With `json`, only a failure needs the sentence: the object says the rest.
      const sum = summary(outcomes, performance.now() - started);
      if (!json) stdout.write(`${apart}${sum}`);
      else if (!ok) stderr.write(sum);
      return ok;
    },
  };
}
