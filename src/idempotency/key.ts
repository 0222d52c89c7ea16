import { createHash } from 'node:crypto';
import { parseItem } from 'structured-headers';

const KEY = /^[A-Za-z0-9_.:-]{8,255}$/;

export type KeyProblem = 'idempotency-key-missing' | 'idempotency-key-invalid';

/**
 * The key in a request's `Idempotency-Key` lines: there must be exactly one, bare or as a quoted structured-field string,
 * 8 to 255 characters of `A-Z a-z 0-9 _ . : -`.
 */
export function parseIdempotencyKey(lines: readonly string[]): { key: string } | { problem: KeyProblem } {
  const [line, ...more] = lines;
  if (line === undefined || line.trim() === '') return { problem: 'idempotency-key-missing' };
  const key = more.length === 0 ? unquoted(line.trim()) : undefined;
  return key !== undefined && KEY.test(key) ? { key } : { problem: 'idempotency-key-invalid' };
}

function unquoted(line: string): string | undefined {
  if (!line.startsWith('"')) return line;
  try {
    // The package's own types need the browser's.
    const [value, parameters] = parseItem(line) as readonly [unknown, ReadonlyMap<string, unknown>];
    return typeof value === 'string' && parameters.size === 0 ? value : undefined;
  } catch {
    // Not a structured field: nothing else matters about it.
    return undefined;
  }
}

/** An id made from tenant and key alone: providers know an order by it, so it must survive the loss of the order's row. */
export const resourceIdOf = (prefix: string, tenant: string, key: string): string =>
  `${prefix}_${createHash('sha256').update(`${tenant}\n${key}`).digest('hex').slice(0, 32)}`;
