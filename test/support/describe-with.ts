import { describe } from '@jest/globals';

/** `describe`, where nothing is missing for it; elsewhere one line that says what to install. */
export function describeWith(missing: string | undefined, name: string, tests: () => void): void {
  if (missing === undefined) return describe(name, tests);
  console.warn(`Not tested here: ${name}. It needs ${missing}.`);
  describe.skip(name, tests);
}
