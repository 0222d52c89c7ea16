import type { SwaggerTransform } from '@fastify/swagger';

/** Bad HTTP (no Host, slow or large headers, an expectation), limits, outages and bugs. */
const ALWAYS = [400, 408, 417, 429, 431, 500, 503];
const OF_A_BODY = [413, 415];

const PROBLEM = { $ref: 'Problem' };
const KEY_HEADERS = {
  required: {
    type: 'object',
    required: ['idempotency-key'],
    properties: {
      'idempotency-key': {
        type: 'string',
        pattern: '^[A-Za-z0-9_.:-]{8,255}$',
        description: 'A new key for each act, the same key for each retry of it',
      },
    },
  },
  // A request that does nothing may send any key: it is not read.
  optional: {
    type: 'object',
    properties: {
      'idempotency-key': {
        type: 'string',
        description: 'Required unless the request only plans: 8 to 255 characters of A-Z a-z 0-9 _ . : -',
      },
    },
  },
};

/** Adds to a documented route what the plugins ask and answer for it, and gives problems their media type. */
export const documentPlugins: SwaggerTransform = ({ schema, url, route }) => {
  const { response, ...rest } = schema as { response?: Record<string, Answer> };
  const { access, idempotencyKey } = route.config ?? {};
  const ofPlugins = [
    ...(access === 'public' ? [] : [401]),
    ...(access === 'merchant' || access === 'operator' ? [403] : []),
    ...(route.method === 'GET' ? [] : OF_A_BODY),
    ...ALWAYS,
  ];
  const answers = { ...Object.fromEntries(ofPlugins.map((status) => [status, PROBLEM])), ...response };
  return {
    url,
    schema: {
      ...rest,
      ...(idempotencyKey && { headers: KEY_HEADERS[idempotencyKey] }),
      response: Object.fromEntries(Object.entries(answers).map(asProblem)),
    },
  };
};

/** A schema of an answer. It is a problem if it refers to `Problem`, or if it is for a refusal and has a `code`. */
interface Answer {
  readonly $ref?: string;
  readonly properties?: { readonly code?: object };
}

const asProblem = ([status, answer]: [string, Answer]): [string, object] => [
  status,
  answer.$ref === PROBLEM.$ref || (Number(status) >= 400 && answer.properties?.code)
    ? { description: 'See /problems', content: { 'application/problem+json': { schema: answer } } }
    : answer,
];
