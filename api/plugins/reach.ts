import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { EVERY_TENANT } from '../../src/domain/api-keys';
import type { Subject } from '../../src/checkouts/operators/tenant-of';
import { callerOf } from './auth';
import { ApiError } from './problems';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whom an operators' route concerns: every tenant, the subjects of the request, or what the handler lists, which must then leave out what is
     * not the caller's. An operators' route without it does not boot.
     */
    concerns?: Concerns;
  }
}

/** A request without a subject concerns every tenant. */
export type Concerns = 'every-tenant' | 'what-it-lists' | ((request: FastifyRequest) => readonly Subject[]);

export interface ReachOptions {
  /** The tenant that a subject belongs to; undefined if it belongs to none alone, or does not exist. */
  tenantOf: (subject: Subject) => Promise<string | undefined>;
}

/** On every operators' route, a key of one tenant reaches only what belongs to that tenant. */
export const reach = fp<ReachOptions>(
  async (app, { tenantOf }) => {
    app.addHook('onRoute', (route) => {
      const { access, concerns } = route.config ?? {};
      if (access !== 'operator') return;
      if (!concerns) throw new Error(`Route ${String(route.method)} ${route.url} does not say whom it concerns`);
      if (concerns === 'what-it-lists') return;
      const subjectsOf = concerns === 'every-tenant' ? () => [] : concerns;
      const hold: preHandlerAsyncHookHandler = async (request) => {
        const { tenant } = callerOf(request);
        if (tenant !== EVERY_TENANT) await mustBeOf(tenant, subjectsOf(request));
      };
      route.preHandler = [hold, ...[route.preHandler ?? []].flat()];
    });

    async function mustBeOf(tenant: string, subjects: readonly Subject[]): Promise<void> {
      if (subjects.length === 0) {
        throw new ApiError('forbidden', 'This concerns every tenant, and the API key speaks for one.');
      }
      for (const subject of subjects) {
        // The same words as for what does not exist, so that no answer gives it away.
        if ((await tenantOf(subject)) !== tenant)
          throw new ApiError('not-found', `There is no ${subject.kind} with this id.`);
      }
    }
  },
  { name: 'reach', dependencies: ['auth'] },
);

/** For routes with a subject's id in their path. */
export const theOneInThePath =
  (kind: Subject['kind']) =>
  ({ params }: FastifyRequest): readonly Subject[] => [{ kind, id: (params as { id: string }).id }];
