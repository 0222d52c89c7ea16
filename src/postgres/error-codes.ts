/** The SQLSTATEs that our code expects somewhere. */
export const LOCK_NOT_AVAILABLE = '55P03';
export const UNDEFINED_TABLE = '42P01';
export const UNDEFINED_COLUMN = '42703';
export const DISK_FULL = '53100';
const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

/** The SQLSTATE of an error that came from Postgres itself. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True if a statement broke a unique or a check constraint. */
export const brokeItsConstraint = (error: unknown): boolean =>
  [UNIQUE_VIOLATION, CHECK_VIOLATION].includes(sqlStateOf(error) ?? '');

const UNREACHABLE = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'];
const CONNECTION_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** True if Postgres was not available (down, starting, shutting down, out of connections), so that a retry may work. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  const state = sqlStateOf(error);
  if (state !== undefined) return /^(08|53|57P0)/.test(state);
  if ('code' in error && UNREACHABLE.includes(String(error.code))) return true;
  // `pg` gives these errors no code, only a message.
  return CONNECTION_MESSAGES.test(error.message);
}

/** True if Postgres did not answer at all: the connection is no longer usable, and another would hang too. */
export const isHanging = (error: unknown): boolean =>
  error instanceof Error && /^(Query read timeout|timeout exceeded when trying to connect)/.test(error.message);

/** True if Postgres answered with an error that does not end the session, such as a broken constraint. */
export function keepsSession(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|57P|XX)/.test(state);
}
