import { setTimeout as rest } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** Polls until `look` finds something. The test's own timeout is the limit. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await rest(LOOK_EVERY_MS);
  }
}
