import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** A fault of the test server that is this rare is tolerated. More of them in one run could hide a fault of ours. */
export const MAX_RETRIED = 3;

/** The environment variable with this run's file of retried tests, one a line. The global set-up sets it. */
export const RETRIED_FILE = 'TEST_RETRIED_FILE';

/** Records that a test is retried, and why, for the end of the run. */
export function recordRetry(test: string, why: string): void {
  console.warn(`${test}: ${why}. It is retried on another server`);
  const file = process.env[RETRIED_FILE];
  if (file !== undefined) appendFileSync(file, `${test}\n`);
}

/** Lists the tests that were retried in this run; throws, which fails the run, if there were more than `MAX_RETRIED`. */
export function reportRetries(file: string): void {
  const tests = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  if (tests.length === 0) return;
  const report = [`Tests that were retried: ${tests.length}`, ...tests].join('\n  ');
  if (tests.length > MAX_RETRIED) throw new Error(`${report}\nA run may have at most ${MAX_RETRIED}`);
  console.warn(report);
}
