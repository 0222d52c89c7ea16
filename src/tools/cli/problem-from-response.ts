import { isRecord } from '../terminal/is-record';
import { Problem } from '../terminal/problem';

/** No answer at all: refused, reset, timed out. */
export const unreachable = (url: string, cause: unknown): Problem =>
  new Problem({ code: 'unreachable', title: 'The API does not answer', detail: reasonOf(url, cause) }, { cause });

/** An answer, but not one that the API of this release gives. */
export const notOurApi = (url: string, status: number): Problem =>
  new Problem({
    code: 'unexpected-answer',
    title: 'The answer did not come from a Durable Checkout API of this release',
    detail: `is ${url} the right address?`,
    status,
  });

/** An answer larger than any this API gives, perhaps one without end. */
export const endless = (url: string, status: number): Problem =>
  new Problem({
    code: 'unexpected-answer',
    title: 'The answer is too large',
    detail: `is ${url} the address of a Durable Checkout API?`,
    status,
  });

/** The problem the API answered with; members we do not know are kept for `--json`. */
export function problemFromResponse(status: number, body: unknown): Problem {
  if (isRecord(body) && typeof body.code === 'string' && typeof body.title === 'string') {
    const { detail, ...members } = body;
    const spoken = typeof detail === 'string' ? { detail } : {};
    return new Problem({ ...members, code: body.code, title: body.title, status, ...spoken });
  }
  return new Problem({
    code: 'unexpected-answer',
    title: 'The API answered without a problem document',
    detail: 'a proxy or another program may be at this address',
    status,
  });
}

/** `fetch` only says "fetch failed"; what happened is in its cause. */
function reasonOf(url: string, error: unknown): string {
  if (!isRecord(error)) return `${url}: ${String(error)}`;
  if (error.name === 'TimeoutError') return `${url} took too long`;
  const { code, message } = isRecord(error.cause) ? error.cause : error;
  if (code === 'ECONNREFUSED') return `nothing is listening at ${url}`;
  return `${url}: ${typeof message === 'string' && message !== '' ? message : String(code)}`;
}
