import { isRecord } from '../terminal/is-record';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; several lines of one name are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** The members of its JSON object; empty if it is not a JSON object. */
  readonly members: Readonly<Record<string, unknown>>;
}

export function membersOf(bytes: Buffer): Answer['members'] {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isRecord(value) ? value : {};
  } catch {
    // The check that needs a member says what came instead.
    return {};
  }
}

/** For sentences: `202`, `422 idempotency-key-reused`. */
export const shortly = ({ status, members }: Answer): string =>
  typeof members.code === 'string' ? `${status} ${members.code}` : `${status}`;
