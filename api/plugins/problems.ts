import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { PROBLEMS } from '../problem-codes';
import type { ProblemCode } from '../problem-codes';

/** Most outages here are restarts, which take seconds. */
const RETRY_AFTER_SECONDS = '2';

/** The rules for Idempotency-Key, for the `Link` header of problems about it. */
const KEY_RULES = '</docs#idempotency-key>; rel="describedby"';

/** A refusal over HTTP: a code of `PROBLEMS` and a sentence for the client. */
export class ApiError extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly extra: { headers?: Record<string, string>; members?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(detail, { cause: extra.cause });
  }
}

/** RFC 9457 problem details. */
export const problemBody = (code: ProblemCode, detail: string, members: Record<string, unknown> = {}) => ({
  type: `/problems/${code}`,
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  code,
  detail,
  ...members,
});

/** The sentence that says what to do about a problem. */
export const PROBLEM_ADVICE = Object.fromEntries(
  Object.entries(PROBLEMS).map(([code, { advice }]) => [code, advice]),
) as Record<ProblemCode, string>;

export interface ProblemsOptions {
  /** True for errors that mean that a store is away, so that a later attempt may succeed. */
  isUnavailable: (error: unknown) => boolean;
}

/** Renders every error once, as problem details. Below 500 the client gets the sentence; from 500 up only the log gets the cause. */
export const problems = fp<ProblemsOptions>(
  async (app, { isUnavailable }) => {
    app.setErrorHandler<FastifyError>((error, request, reply) => {
      const problem = problemOf(error, request, isUnavailable);
      const { status } = PROBLEMS[problem.code];
      // An outage of a store is expected, and logged for each request that needs it; a bug is not expected.
      if (status >= 500)
        request.log[status === 503 ? 'warn' : 'error']({ err: error, requestId: request.id }, problem.code);
      sendProblem(reply, problem);
    });
  },
  { name: 'problems' },
);

/** For requests that never reach the error handler. */
export function sendProblem(reply: FastifyReply, { code, message, extra }: ApiError): void {
  const { status } = PROBLEMS[code];
  if (code.startsWith('idempotency-key-')) void reply.header('link', KEY_RULES);
  if (status >= 500) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  void reply
    .code(status)
    .headers(extra.headers ?? {})
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(code, message, extra.members)));
}

function problemOf(error: FastifyError, request: FastifyRequest, isUnavailable: (error: unknown) => boolean): ApiError {
  const { raw, routeOptions } = request;
  if (error instanceof ApiError) return error;
  // The client went away in the middle of its body: nobody reads this answer, and nothing is wrong with us.
  if (raw.destroyed && !raw.complete)
    return new ApiError('invalid-http', PROBLEM_ADVICE['invalid-http'], { cause: error });
  if (error.statusCode === 413) return tooLarge(error, routeOptions.bodyLimit);
  return translated(error, isUnavailable);
}

/** `limit` in bytes. */
const tooLarge = (cause: FastifyError, limit: number): ApiError =>
  new ApiError('body-too-large', `Send at most ${limit / 1024} KiB here.`, { cause });

function translated(error: FastifyError, isUnavailable: (error: unknown) => boolean): ApiError {
  if (error.validation) {
    const errors = error.validation.map((issue) => {
      const member = issue.params['additionalProperty'] ?? issue.params['missingProperty'];
      const path = `${error.validationContext ?? 'body'}${issue.instancePath.replaceAll('/', '.')}`;
      return {
        field: typeof member === 'string' ? `${path}.${member}` : path,
        message: issue.keyword === 'additionalProperties' ? 'is not a known field' : (issue.message ?? 'is not valid'),
      };
    });
    const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    return new ApiError('invalid-request', `${detail}.`, { members: { errors }, cause: error });
  }
  const { statusCode = 500 } = error;
  // Not asked about what the client did wrong: recognizing Temporal's errors makes a stack trace, which costs more than the answer.
  if (statusCode >= 500 && isUnavailable(error))
    return new ApiError('unavailable', PROBLEM_ADVICE.unavailable, { cause: error });
  switch (statusCode) {
    case 400:
      return new ApiError('invalid-json', 'The body is not a JSON object that this API accepts.', { cause: error });
    case 408:
      return new ApiError('request-timeout', PROBLEM_ADVICE['request-timeout'], { cause: error });
    case 415:
      return new ApiError('unsupported-media-type', PROBLEM_ADVICE['unsupported-media-type'], { cause: error });
    case 429:
      return new ApiError('too-many-requests', PROBLEM_ADVICE['too-many-requests'], { cause: error });
    case 503:
      return new ApiError('unavailable', PROBLEM_ADVICE.unavailable, { cause: error });
    default:
      return new ApiError('internal-error', PROBLEM_ADVICE['internal-error'], { cause: error });
  }
}
