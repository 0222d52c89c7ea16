import type { ExitCode } from './exit-codes';
import { EXIT } from './exit-codes';
import { paint } from './paint';
import type { Line } from './paint';
import { printable, printableJson } from './printable';
import type { Problem } from './problem';
import type { Screen, Streams } from './screen';

/** How a command prints. With `--json`, standard output carries one object and nothing else. */
export interface Output {
  readonly json: boolean;
  readonly screen: Screen;
  /** A line for people, on standard output; silent with `--json`. */
  say(line: string): void;
  /** The same, in colour. */
  draw(line: Line): void;
  /** A line on standard error. */
  complain(line: string): void;
  /** The one object that `--json` prints; silent without it. */
  answer(document: object): void;
  /** A problem as a sentence and, with `--json`, as the object, with the other facts the caller needs. */
  fail(problem: Problem, facts?: object): ExitCode;
}

export function createOutput({ stdout, stderr }: Streams, json: boolean): Output {
  const complain = (line: string) => void stderr.write(`${printable(line)}\n`);
  const answer = (document: object) => void (json && stdout.write(`${printableJson(document)}\n`));
  return {
    json,
    screen: stdout,
    say: (line) => void (json || stdout.write(`${printable(line)}\n`)),
    draw: (line) => void (json || stdout.write(`${paint(line, stdout)}\n`)),
    complain,
    answer,
    fail: (problem, facts = {}) => {
      complain(problem.sentence);
      answer({ ...problem.document, ...facts });
      return EXIT.notAsPromised;
    },
  };
}
