import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** A fault of the test server's that is this rare is borne. More of them in one run would hide one of ours. */
export const MOST_RETOLD = 3;

/** The file of this run, one line for each story; the global set-up names it. */
export const RETOLD_FILE = 'TEST_RETOLD_FILE';

/** Writes down that a story is told again, and why, for the end of the run. */
export function tellAgain(story: string, why: string): void {
  console.warn(`${story}: ${why}. It is told again on another server`);
  const file = process.env[RETOLD_FILE];
  if (file !== undefined) appendFileSync(file, `${story}\n`);
}

/** Names what was told again in this run; throws, which turns the run red, where that was more than a few. */
export function reportRetold(file: string): void {
  const stories = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  if (stories.length === 0) return;
  const told = [`${stories.length} stories were told again:`, ...stories].join('\n  ');
  if (stories.length > MOST_RETOLD) throw new Error(`${told}\nNo run may have more than ${MOST_RETOLD} of them`);
  console.warn(told);
}
