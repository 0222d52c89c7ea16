import type { FastifyInstance } from 'fastify';

const USUAL_PORT = 3999;

/** To see the suite fail: `npx tsx <file> [port]`, on loopback only. */
export async function listen(server: FastifyInstance): Promise<void> {
  const url = await server.listen({ host: '127.0.0.1', port: Number(process.argv[2] ?? USUAL_PORT) });
  console.log(`npm run conformance -- --url ${url} --key sk_sandbox_acme`);
}
