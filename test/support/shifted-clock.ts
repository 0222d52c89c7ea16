import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';

const PRELOADED: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--require ${JSON.stringify(path.join(packageRoot(), 'test/support/shift-clock-preload.cjs'))}`,
};

/** The environment of a Node process, and its children, whose host clock is wrong by `ms`. Its timers are right. */
export const shiftedClock = (ms: number): NodeJS.ProcessEnv => ({ ...PRELOADED, CLOCK_SHIFT_MS: String(ms) });

/** The same with a clock that jumps: wrong by the milliseconds in the file, and right while there is no file. */
export const jumpingClock = (file: string): NodeJS.ProcessEnv => ({ ...PRELOADED, CLOCK_SHIFT_FILE: file });
