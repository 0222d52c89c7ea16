import { isRecord } from '../terminal/is-record';
import { Problem } from '../terminal/problem';

/** No answer at all: refused, reset, timed out. */
export const unreachable = (url: string, cause: unknown): Problem =>
  new Problem({ code: 'unreachable', title: 'The API does not answer', detail: reasonOf(url, cause) }, { cause });

/** An answer, but none that the API of this release gives. */
export const notOurApi = (url: string, status: number): Problem =>
  new Problem({
    code: 'unexpected-answer',
    title: 'The answer is not the one of a Durable Checkout API',
    detail: `is ${url} the right address, and of this release?`,
    status,
  });

/** An answer that is larger than any of this API's, and perhaps has no end. */
export const endless = (url: string, status: number): Problem =>
  new Problem({
    code: 'unexpected-answer',
    title: 'The answer does not end',
    detail: `is ${url} the address of a Durable Checkout API?`,
    status,
  });

/** What the API said was wrong; members we do not know are kept for `--json`. */
export function problemFromResponse(status: number, body: unknown): Problem {
  if (isRecord(body) && typeof body.code === 'string' && typeof body.title === 'string') {
    const { detail, ...members } = body;
    const spoken = typeof detail === 'string' ? { detail } : {};
    return new Problem({ ...members, code: body.code, title: body.title, status, ...spoken });
  }
  return new Problem({
    code: 'unexpected-answer',
    title: 'The API answered without a problem document',
    detail: 'a proxy, or another program, may stand at this address',
    status,
  });
}

/** `fetch` says only "fetch failed"; what happened is one cause deeper. */
function reasonOf(url: string, error: unknown): string {
  if (!isRecord(error)) return `${url}: ${String(error)}`;
  if (error.name === 'TimeoutError') return `${url} took too long`;
  const { code, message } = isRecord(error.cause) ? error.cause : error;
  if (code === 'ECONNREFUSED') return `nothing listens at ${url}`;
  return `${url}: ${typeof message === 'string' && message !== '' ? message : String(code)}`;
}
