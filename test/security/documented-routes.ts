import type { FastifyInstance } from 'fastify';

export interface DocumentedRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
}

/** Every route with an entry in `/openapi.json`; the others are public pages. */
export async function documentedRoutes(app: FastifyInstance): Promise<DocumentedRoute[]> {
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase() as DocumentedRoute['method'], path })),
  );
}
