import { Type } from '@sinclair/typebox';
import { KEY_PATTERN, PROTOCOL, rolePath } from './protocol';
import type { ProtocolRole } from './protocol';
import type { Verb } from './verb';

const DESCRIPTION = `What a provider of Durable Checkout answers, in any language. Each role is served by itself: a provider implements the roles it has.

**Keys.** \`Idempotency-Key\` names a step of a checkout, and is the same in every attempt. The same verb, key and body get the same answer, and act once; of
refunds and refund notices there may be several under a key, one for each \`refund\`. The same verb and key with another body: 409. An answer that
leaves a payment undecided (\`customer-action\`, \`pending\`) is followed by the one that decides it, which then stays.

**Undo.** A step and its undo have the same key. An undo of a key not seen yet closes it: a step that arrives later answers \`blocked\`, and never acts. An undo
is harmless when repeated.

**Answers.** A business answer is a 200 with one of the outcomes below. Anything else is a fault: the call may have acted, and is repeated with the same key.
429 and 503 may have \`Retry-After\`. Ignore fields that you do not know: more may be added.

**Signatures.** Where a secret is set, every POST is signed according to Standard Webhooks. The signature covers the body and \`webhook-id\`, which is
\`<role>/<verb>/<Idempotency-Key>\`: check that it is, or a recorded call could be sent to another verb.`;

const HEADERS = [
  {
    ...{ name: 'Idempotency-Key', in: 'header', required: true },
    schema: Type.String({
      pattern: KEY_PATTERN,
      examples: ['chk_9f2c4e6a8b0d1f3557799bbdd1f3e5a7:payment-authorized'],
    }),
  },
  { name: 'webhook-id', in: 'header', description: '`<role>/<verb>/<Idempotency-Key>`', schema: Type.String() },
  { name: 'webhook-timestamp', in: 'header', description: 'Seconds since 1970', schema: Type.String() },
  { name: 'webhook-signature', in: 'header', description: '`v1,` and a base64 HMAC-SHA256', schema: Type.String() },
];

const json = (schema: object) => ({ 'application/json': { schema } });

const answersOf = ({ outcomes }: Verb) =>
  Object.entries(outcomes).map(([outcome, { properties, description = '' }]) =>
    Type.Object({ outcome: Type.Literal(outcome), ...properties }, { title: outcome, description }),
  );

const operationOf = (role: ProtocolRole, verb: string, definition: Verb) => ({
  operationId: `${role}.${verb}`,
  tags: [role],
  summary: definition.summary,
  parameters: HEADERS.map(({ name }) => ({ $ref: `#/components/parameters/${name}` })),
  requestBody: { required: true, content: json(definition.request) },
  responses: {
    200: { description: 'One of the outcomes', content: json({ oneOf: answersOf(definition) }) },
    401: { description: 'A secret is set, and the call is not signed with it, or not within five minutes' },
    409: { description: 'The key came before with another body' },
    default: { description: 'A fault: the call is repeated with the same key' },
  },
});

const presenceOf = (role: ProtocolRole) => ({
  operationId: `${role}.presence`,
  tags: [role],
  summary: 'Say that the role is served, to whoever asks',
  responses: { 204: { description: 'It is' } },
});

function pathsOf(role: ProtocolRole): [string, object][] {
  const verbs = Object.entries<Verb>(PROTOCOL[role]).map(([verb, definition]): [string, object] => [
    `${rolePath(role)}/${verb}`,
    { post: operationOf(role, verb, definition) },
  ]);
  return [[rolePath(role), { get: presenceOf(role) }], ...verbs];
}

/** The OpenAPI document of the HTTP provider protocol, built from the schemas that adapters and sandbox check with. */
export function providersOpenApi(): Record<string, unknown> {
  const roles = Object.keys(PROTOCOL) as ProtocolRole[];
  const document = {
    openapi: '3.1.0',
    info: { title: 'Durable Checkout: HTTP provider protocol', version: 'v1', description: DESCRIPTION },
    tags: roles.map((name) => ({ name })),
    paths: Object.fromEntries(roles.flatMap(pathsOf)),
    components: { parameters: Object.fromEntries(HEADERS.map((header) => [header.name, header])) },
  };
  // Drops the symbols in TypeBox schemas; and what the sandbox refuses, because a provider has to ignore it.
  return JSON.parse(
    JSON.stringify(document, (name, value: unknown) => (name === 'additionalProperties' ? undefined : value)),
  ) as Record<string, unknown>;
}
