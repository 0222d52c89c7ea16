import { setTimeout as rest } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** Waits for what `look` finds; the test's own time limit ends it. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await rest(LOOK_EVERY_MS);
  }
}
