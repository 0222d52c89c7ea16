import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_ADVICE, problemBody } from './plugins/problems';
import { PROBLEMS } from './problem-codes';
import type { ProblemCode } from './problem-codes';
import { SECURITY_HEADERS } from './security-headers';

/** What Node rejects before there is a request. Anything else it rejects is not valid HTTP. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
};

interface ClientError extends Error {
  readonly code?: string;
}

/** Answers what never becomes a request, with a problem like every other refusal, and hangs up. */
export function answerOnSocket({ code = '' }: ClientError, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  // Do not write into an answer that has begun.
  const begun = (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent ?? false;
  if (socket.writable && !begun) socket.write(answerOf(CODES[code] ?? 'invalid-http'));
  socket.destroySoon();
}

/** For a server's `checkExpectation`: refuses every expectation but 100-continue. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = partsOf('expectation-failed');
  response.writeHead(status, headers).end(body);
}

function answerOf(code: ProblemCode): string {
  const { status, headers, body } = partsOf(code);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n');
}

function partsOf(code: ProblemCode) {
  const body = JSON.stringify(problemBody(code, PROBLEM_ADVICE[code]));
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  return { status: PROBLEMS[code].status, headers, body };
}
