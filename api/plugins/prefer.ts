/** Longer than a checkout takes, shorter than the proxies between us and the client. */
const LONGEST_WAIT_SECONDS = 30;

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const WELL_QUOTED = new RegExp(`^(?:[^"]|${QUOTED})*$`);
const PREFERENCES = new RegExp(`(?:[^",]|${QUOTED})+`, 'g');
const WAIT = /^[ \t]*wait[ \t]*(?:[=;]|$)/i;
/** What follows a semicolon is a parameter of the preference, and a wait has none. */
const SECONDS = /^[ \t]*wait[ \t]*=[ \t]*("?)(\d+)\1[ \t]*(?:;|$)/i;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most 30; 0 without it. The first of several counts. A wait that is not a whole number and a
 * header that cannot be parsed are ignored, like every other preference, as the RFC requires.
 */
export function waitOf(prefer: string | readonly string[] | undefined): number {
  if (prefer === undefined) return 0;
  const header = [prefer].flat().join(',');
  if (!WELL_QUOTED.test(header)) return 0;
  const wait = header.match(PREFERENCES)?.find((preference) => WAIT.test(preference)) ?? '';
  const [, , seconds] = SECONDS.exec(wait) ?? [];
  return Math.min(Number(seconds ?? 0), LONGEST_WAIT_SECONDS);
}
