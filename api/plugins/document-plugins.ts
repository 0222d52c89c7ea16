import type { SwaggerTransform } from '@fastify/swagger';

/** Limits, outages and bugs come without being asked for. */
const ALWAYS = [429, 500, 503];
const OF_A_BODY = [400, 408, 413, 415];
const INPUTS = ['params', 'querystring', 'headers', 'body'] as const;

const PROBLEM = { $ref: 'Problem' };
const IDEMPOTENCY_KEY = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.:-]{8,255}$',
  description: 'Unique for what is asked for, the same for each retry of it',
};

/** Adds to a documented route what the plugins ask and answer for it, and says of problems that they come as such. */
export const documentPlugins: SwaggerTransform = ({ schema, url, route }) => {
  const { response, ...rest } = schema as { response?: Record<string, { $ref?: string }> };
  const { access, idempotencyKey } = route.config ?? {};
  const ofPlugins = [
    ...(INPUTS.some((input) => input in schema) ? [400] : []),
    ...(access === 'public' ? [] : [401]),
    ...(access === 'merchant' || access === 'operator' ? [403] : []),
    ...(route.method === 'GET' ? [] : OF_A_BODY),
    ...ALWAYS,
  ];
  const answers = { ...Object.fromEntries(ofPlugins.map((status) => [status, PROBLEM])), ...response };
  const headers = {
    type: 'object',
    required: idempotencyKey === 'required' ? ['idempotency-key'] : [],
    properties: { 'idempotency-key': IDEMPOTENCY_KEY },
  };
  return {
    url,
    schema: {
      ...rest,
      ...(idempotencyKey && { headers }),
      response: Object.fromEntries(Object.entries(answers).map(asProblem)),
    },
  };
};

const asProblem = ([status, answer]: [string, { $ref?: string }]): [string, object] => [
  status,
  answer.$ref === PROBLEM.$ref
    ? { description: 'See /problems', content: { 'application/problem+json': { schema: PROBLEM } } }
    : answer,
];
