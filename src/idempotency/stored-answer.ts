/** An answer as it went out: status, the headers that belong to it, and the exact bytes. It never changes once stored. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A JSON answer, with the headers that a replay repeats. */
export const jsonAnswer = (status: number, body: unknown, headers: Record<string, string> = {}): StoredAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: Buffer.from(JSON.stringify(body)),
});

const CONTENT_TYPES: ReadonlySet<unknown> = new Set([
  'application/json; charset=utf-8',
  'application/problem+json; charset=utf-8',
]);
/** A path on this host: two slashes would begin another host's name. */
const PATH = /^\/(?!\/)[\x21-\x7e]*$/;

/** Whether this service could have given the answer: a final status, and no header but the two that we store. */
export function isAnswerOfOurs(answer: { status: unknown; headers: unknown; body: Buffer }): answer is StoredAnswer {
  const { status, headers } = answer;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) >= 500) return false;
  if (typeof headers !== 'object' || headers === null) return false;
  const { 'content-type': type, location, ...others } = headers as Record<string, unknown>;
  const isPath = location === undefined || (typeof location === 'string' && PATH.test(location));
  return CONTENT_TYPES.has(type) && isPath && Object.keys(others).length === 0;
}
