import { retryWhileAway } from './retry-while-away';
import { progressDisplay } from '../terminal/progress-display';
import type { Progress as Reached } from '../terminal/progress-display';
import type { Session } from './session';

/** An errand carries thousands of events a second at most: often enough for a bar to move. */
const LOOK_EVERY_MS = 500;

interface Errand<Progress> {
  readonly name: 'redrive' | 'replay';
  readonly look: () => Promise<Progress>;
  readonly stop: () => Promise<Progress>;
  readonly reached: (progress: Progress) => Reached;
  /** What became of those of `reached` that failed. */
  readonly failing: string;
}

/** Until it has ended. Ctrl-C asks to stop it; without us it would go on. */
export async function followErrand<Progress extends { readonly state: string; readonly failure?: string | null }>(
  { output, clock, onInterrupt }: Session,
  { name, look, stop, reached, failing }: Errand<Progress>,
): Promise<Progress> {
  const display = progressDisplay(output, 'delivered', failing);
  const tell = (sentence: string) => {
    display.lift();
    output.complain(sentence);
  };
  let interrupted = false;
  let told: string | null = null;
  const release = onInterrupt(() => {
    interrupted = true;
    tell(`Stopping the ${name}; Ctrl-C again leaves it to go on`);
  });
  try {
    for (;;) {
      const progress = await retryWhileAway(() => (interrupted ? stop() : look()), { clock, onLost: tell });
      display.show(reached(progress));
      const { state, failure = null } = progress;
      if (failure !== null && failure !== told) tell(`It is tried again: ${failure}`);
      told = failure;
      if (state === 'finished' || state === 'stopped') return progress;
      await clock.rest(LOOK_EVERY_MS);
    }
  } finally {
    release();
    display.lift();
  }
}
