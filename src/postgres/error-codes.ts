/** The Postgres errors that are expected somewhere, by SQLSTATE. */
export const LOCK_NOT_AVAILABLE = '55P03';
export const UNDEFINED_TABLE = '42P01';
export const DISK_FULL = '53100';
const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

/** The SQLSTATE of an error that came from Postgres itself. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when a statement was undone because it would have written a row twice, or one that must not be. */
export const brokeItsConstraint = (error: unknown): boolean =>
  [UNIQUE_VIOLATION, CHECK_VIOLATION].includes(sqlStateOf(error) ?? '');

const UNREACHABLE = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'];
const CONNECTION_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** True when Postgres was not there (down, starting, shutting down, out of connections), so that trying later may work. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  const state = sqlStateOf(error);
  if (state !== undefined) return /^(08|53|57P0)/.test(state);
  if ('code' in error && UNREACHABLE.includes(String(error.code))) return true;
  // `pg` gives these no code, so their text is all there is to go by.
  return CONNECTION_MESSAGES.test(error.message);
}

/** True when Postgres did not answer at all: the connection is of no use any more, and another would hang as well. */
export const isHanging = (error: unknown): boolean =>
  error instanceof Error && /^(Query read timeout|timeout exceeded when trying to connect)/.test(error.message);

/** True when Postgres has answered with a refusal (a constraint, say) and goes on with the session: it is none of the errors that end one. */
export function keepsSession(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|57P|XX)/.test(state);
}
