import { isRecord } from '../terminal/is-record';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; several lines of one name are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** The members of the JSON object in it; none if it is no JSON object. */
  readonly members: Readonly<Record<string, unknown>>;
}

export function membersOf(bytes: Buffer): Answer['members'] {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isRecord(value) ? value : {};
  } catch {
    // Whoever wanted a member says what came instead.
    return {};
  }
}

/** For sentences: `202`, `422 idempotency-key-reused`. */
export const shortly = ({ status, members }: Answer): string =>
  typeof members.code === 'string' ? `${status} ${members.code}` : `${status}`;
