import { must } from '../suite/violation';
import type { Bench } from './bench';

/**
 * The call is made and its answer is lost. Over HTTP the connection breaks before the answer; in process the answer is thrown away, as it is
 * when a worker dies.
 */
export async function loseAnswer({ line }: Bench, call: () => Promise<unknown>): Promise<void> {
  line?.loseNextAnswer();
  const answered = await call().then(
    () => true,
    () => false,
  );
  must(line === undefined || !answered, 'the call was answered although its answer was lost: it was sent again');
}

/** The call is made, and given up before it is answered. Over HTTP the caller hangs up; in process nobody waits. Returns its end. */
export function giveUp({ line }: Bench, call: () => Promise<unknown>): Promise<unknown> {
  line?.giveUpOnNext();
  const ended = call().catch(() => undefined);
  return ended;
}
