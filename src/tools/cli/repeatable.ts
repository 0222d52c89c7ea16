import type { ExitCode } from '../terminal/exit-codes';
import type { Output } from '../terminal/output';
import { Problem } from '../terminal/problem';

interface Repetition {
  readonly key: string;
  /** What repeating the call does not do twice, such as `ordering`. */
  readonly twice: string;
  /** Other facts that are known when it fails. */
  readonly facts?: () => object;
}

/** Runs a call that happens once per key. If it fails and may have happened, or may succeed later, prints how to repeat it. */
export async function repeatable(
  output: Output,
  { key, twice, facts = () => ({}) }: Repetition,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { key, ...facts() });
    if (error.mayPass) output.complain(`To repeat this call without ${twice} twice: --key ${key}`);
    return code;
  }
}
