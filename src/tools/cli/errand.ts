import { retryWhileAway } from './retry-while-away';
import { progressDisplay } from '../terminal/progress-display';
import type { Progress as Reached } from '../terminal/progress-display';
import type { Session } from './session';
import type { Shape } from './shape';

/** An errand delivers thousands of events per second at most: often enough for a bar to move. */
const LOOK_EVERY_MS = 500;

/** What goes on in the service after it was asked for, under the key it was asked for with. */
interface Errand<Progress> {
  readonly name: 'redrive' | 'replay';
  readonly key: string;
  readonly shape: Shape<Progress>;
  readonly reached: (progress: Progress) => Reached;
  /** What happened to the events of `reached` that failed. */
  readonly failing: string;
}

/** Follows an errand until it ends. Ctrl-C asks the service to stop it, which would otherwise carry on without us. */
export async function followErrand<Progress extends { readonly state: string; readonly failure?: string | null }>(
  { api, output, clock, onInterrupt }: Session,
  { name, key, shape, reached, failing }: Errand<Progress>,
): Promise<Progress> {
  const path = `/v1/ops/outbox/${name}s/${encodeURIComponent(key)}`;
  const look = () => api.get(path, shape);
  const stop = async () => (await api.post(`${path}/stop`, shape)).answer;
  const display = progressDisplay(output, 'delivered', failing);
  const tell = (sentence: string) => {
    display.lift();
    output.complain(sentence);
  };
  let interrupted = false;
  let told: string | null = null;
  const release = onInterrupt(() => {
    interrupted = true;
    tell(`Stopping the ${name}; Ctrl-C again leaves it running`);
  });
  try {
    for (;;) {
      const progress = await retryWhileAway(() => (interrupted ? stop() : look()), { clock, onLost: tell });
      display.show(reached(progress));
      const { state, failure = null } = progress;
      if (failure !== null && failure !== told) tell(`Retrying: ${failure}`);
      told = failure;
      if (state === 'finished' || state === 'stopped') return progress;
      await clock.rest(LOOK_EVERY_MS);
    }
  } finally {
    release();
    display.lift();
  }
}
