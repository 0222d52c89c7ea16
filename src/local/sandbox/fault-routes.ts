import { Type } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { FaultRule } from './faults';
import type { Faults } from './faults';
import { WEBHOOK } from './notices';

const FaultList = Type.Object(
  { seed: Type.Optional(Type.Integer()), rules: Type.Array(FaultRule) },
  { additionalProperties: false },
);
const Fired = Type.Object({ fired: Type.Integer() });
const FaultReport = Type.Object({
  seed: Type.Integer(),
  rules: Type.Array(Type.Composite([FaultRule, Fired])),
});
const Problem = Type.Object({ code: Type.String(), message: Type.String() });

/** What the fault switches can make fail. */
export interface Fallible {
  readonly name: string;
  readonly operations: readonly {
    readonly name: string;
    readonly refusal?: unknown;
    readonly acceptance?: unknown;
    /** Then it sends webhooks, too. */
    readonly afterwards?: unknown;
  }[];
}

/** `canNotify`: it has a secret to sign webhooks with. */
interface Reach {
  readonly canNotify: boolean;
}

/** Why a rule could never have an effect, if it could not: a test that sets such a rule tests nothing. */
function objection(rule: FaultRule, providers: readonly Fallible[], { canNotify }: Reach): string | undefined {
  const provider = providers.find(({ name }) => name === rule.provider);
  if (!provider) return `No such provider: ${rule.provider}`;
  const sends = provider.operations.some(({ afterwards }) => afterwards !== undefined);
  const operations = [...provider.operations, ...(sends ? [{ name: WEBHOOK }] : [])].filter(
    ({ name }) => name === (rule.operation ?? name),
  );
  if (operations.length === 0) return `${rule.provider} has no operation ${rule.operation}`;
  if ((rule.kind === 'slow') !== (rule.delayMs !== undefined)) return 'slow needs delayMs, and no other kind takes it';
  if (rule.kind === 'refuse' && operations.every(({ refusal }) => refusal === undefined))
    return 'This operation never refuses';
  if (rule.kind === 'refuse-later') {
    if (operations.every(({ acceptance }) => acceptance === undefined)) return 'This operation decides at once';
    if (!canNotify) return 'refuse-later needs SANDBOX_SECRET, to sign the webhook with';
  }
  if (rule.operation === WEBHOOK && !canNotify) return 'Webhooks need SANDBOX_SECRET, to sign them with';
  return undefined;
}

/** The fault switches. All rules are set together, so that nobody has to know which were on before. */
export const faultRoutes =
  (faults: Faults, providers: readonly Fallible[], reach: Reach): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/faults', { schema: { response: { 200: FaultReport } } }, async () => faults.report());

    const schema = { body: FaultList, response: { 200: FaultReport, 422: Problem } };
    app.put('/faults', { schema }, async (request, reply) => {
      const { rules, seed = 0 } = request.body;
      const message = rules.map((rule) => objection(rule, providers, reach)).find((sentence) => sentence !== undefined);
      if (message !== undefined) return reply.code(422).send({ code: 'fault-rule-invalid', message });
      faults.replace(rules, seed);
      return faults.report();
    });

    app.delete('/faults', { schema: { response: { 204: Type.Null() } } }, async (_request, reply) => {
      faults.replace([], 0);
      return reply.code(204).send(null);
    });
  };
