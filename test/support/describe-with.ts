import { describe } from '@jest/globals';

/** `describe` if nothing is missing; otherwise skips the tests with one line that says what to install. */
export function describeWith(missing: string | undefined, name: string, tests: () => void): void {
  if (missing === undefined) return describe(name, tests);
  console.warn(`Not tested here: ${name}. It needs ${missing}.`);
  describe.skip(name, tests);
}
