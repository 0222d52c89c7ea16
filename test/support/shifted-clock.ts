import path from 'node:path';
import { packageRoot } from '../../src/stack/package-root';

/** The environment of a Node process, and of those that it starts, whose host's clock is wrong by so much. Its timers are right. */
export const shiftedClock = (ms: number): NodeJS.ProcessEnv => ({
  CLOCK_SHIFT_MS: String(ms),
  NODE_OPTIONS: `--require ${JSON.stringify(path.join(packageRoot(), 'test/support/shift-clock-preload.cjs'))}`,
});
