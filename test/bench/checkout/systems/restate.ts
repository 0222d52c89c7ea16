import { FreePorts } from '../../../../src/local/stack/free-ports';
import { peer } from '../peers';
import { sevenSteps, STEPS } from '../seven-steps';
import type { Start } from '../system';

interface Context {
  run(name: string, work: () => Promise<string>): Promise<string>;
}

interface Endpoint {
  bind(service: unknown): Endpoint;
  setLogger(logger: () => void): Endpoint;
  listen(port: number): Promise<unknown>;
}

/** The part of it that is used. */
interface Restate {
  workflow(definition: {
    name: string;
    handlers: { run: (context: Context, order: { id: string }) => Promise<void> };
  }): unknown;
  endpoint(): Endpoint;
}

/** Restate: its server calls this process for each checkout over one HTTP/2 connection, and keeps the journal. */
export const restate: Start = async ({ stepsUrl, restate: server }) => {
  if (server === null) throw new Error('No Restate server was started');
  const sdk = withResolversOnNode20(() => peer<Restate>('@restatedev/restate-sdk'));
  const step = sevenSteps(stepsUrl);
  const checkout = sdk.workflow({
    name: 'checkout',
    handlers: {
      run: async (context, { id }) => {
        for (const name of STEPS) await context.run(name, () => step(id, name));
      },
    },
  });
  const port = await new FreePorts().pick(0);
  // It logs every checkout twice; the client learns of a failure anyway.
  await sdk
    .endpoint()
    .bind(checkout)
    .setLogger(() => undefined)
    .listen(port);
  await post(`${server.admin}/deployments`, { uri: `http://127.0.0.1:${port}` });
  return { one: (id) => post(`${server.ingress}/checkout/${id}/run`, { id }) };
};

async function post(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Restate answered ${response.status}: ${text}`);
}

/** Its SDK needs `Promise.withResolvers`, which Node 20 does not have. */
function withResolversOnNode20<T>(load: () => T): T {
  const promises = Promise as unknown as { withResolvers?: () => unknown };
  promises.withResolvers ??= () => {
    const [settle, promise] = unsettled();
    return { promise, ...settle };
  };
  return load();
}

function unsettled() {
  let settle = { resolve: (_value: unknown) => {}, reject: (_cause: unknown) => {} };
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return [settle, promise] as const;
}
