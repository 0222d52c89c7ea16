import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';

const PRELOADED: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--require ${JSON.stringify(path.join(packageRoot(), 'test/support/shift-clock-preload.cjs'))}`,
};

/** The environment of a Node process, and of those that it starts, whose host's clock is wrong by so much. Its timers are right. */
export const shiftedClock = (ms: number): NodeJS.ProcessEnv => ({ ...PRELOADED, CLOCK_SHIFT_MS: String(ms) });

/** The same with a clock that jumps: wrong by as many milliseconds as the file says, and right while there is none. */
export const jumpingClock = (file: string): NodeJS.ProcessEnv => ({ ...PRELOADED, CLOCK_SHIFT_FILE: file });
