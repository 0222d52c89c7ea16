import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { EVERY_TENANT } from '../../src/domain/api-keys';
import type { Subject } from '../../src/checkouts/operators/tenant-of';
import { callerOf } from './auth';
import { ApiError } from './problems';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whom an operator's route concerns: all tenants at once, what a request is about, or what the handler lists, which then leaves out
     * what is not the caller's. A route of operators without it does not boot.
     */
    concerns?: Concerns;
  }
}

/** A request that is about nothing in particular is about all. */
export type Concerns = 'every-tenant' | 'what-it-lists' | ((request: FastifyRequest) => readonly Subject[]);

export interface ReachOptions {
  /** Whose something is; undefined for what is nobody's alone, or is not there. */
  tenantOf: (subject: Subject) => Promise<string | undefined>;
}

/** An operator's key of one tenant reaches what is that tenant's, on every route of operators. */
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
        // The same words for what is not there: no answer tells that it exists.
        if ((await tenantOf(subject)) !== tenant)
          throw new ApiError('not-found', `There is no ${subject.kind} with this id.`);
      }
    }
  },
  { name: 'reach', dependencies: ['auth'] },
);

/** For routes with the id of a thing in their path. */
export const theOneInThePath =
  (kind: Subject['kind']) =>
  ({ params }: FastifyRequest): readonly Subject[] => [{ kind, id: (params as { id: string }).id }];
