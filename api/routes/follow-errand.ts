import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { TSchema } from '@sinclair/typebox';
import { callerOf } from '../plugins/auth';
import { ApiError } from '../plugins/problems';
import { theOneInThePath } from '../plugins/reach';
import { pathId } from '../schemas/text';

const Problem = Type.Ref('Problem');
/** An errand's id is the Idempotency-Key of the request that started it. */
const params = Type.Object({ id: pathId(255) });

/** Work that an operator starts under a key, and that continues without them. */
export interface Errand {
  readonly name: 'redrive' | 'replay';
  /** What happens to the rest when it is stopped, for the summary. */
  readonly stopping: string;
  readonly schema: TSchema;
  readonly progress: (id: string) => Promise<object | undefined>;
  readonly stop: (id: string, operator: string) => Promise<object | undefined>;
}

export const errandPath = (name: Errand['name'], id: string) => `/v1/ops/outbox/${name}s/${id}`;

/** `GET …/:id` says how far it has got, `POST …/:id/stop` stops it. */
export function followErrand(plain: FastifyInstance, { name, stopping, schema, progress, stop }: Errand): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const config = { access: 'operator' as const, concerns: theOneInThePath(name) };
  const response = { 200: schema, 404: Problem };
  const found = (errand: object | undefined) => {
    if (!errand) throw new ApiError('not-found', `There is no ${name} with this id.`);
    return errand;
  };

  app.get(
    errandPath(name, ':id'),
    { config, schema: { summary: `How far a ${name} has got, in events`, params, response } },
    async ({ params: { id } }) => found(await progress(id)),
  );

  app.post(
    `${errandPath(name, ':id')}/stop`,
    { config, schema: { summary: `Stop a ${name}: ${stopping}`, params, response } },
    async (request) => found(await stop(request.params.id, callerOf(request).keyId)),
  );
}
