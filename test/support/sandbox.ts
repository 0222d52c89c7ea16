import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildSandbox } from '../../src/local/sandbox/build-sandbox';
import type { Entry } from '../../src/local/sandbox/entry';

const made: string[] = [];
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A new directory for journals, with a space in its name; removed when the test file has finished. */
export function aDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sandbox '));
  made.push(directory);
  return directory;
}

/** The sandbox providers, listening in this process; with a secret they want signatures. Close `app` when done. */
export async function listeningSandbox({
  dataDir = aDataDir(),
  ...settings
}: Partial<Parameters<typeof buildSandbox>[0]> = {}): Promise<{ app: FastifyInstance; baseUrl: string }> {
  const app = buildSandbox({ dataDir, ...settings });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, baseUrl: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` };
}

export interface SandboxReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface SandboxClient {
  readonly post: (url: string, key: string, body: object) => Promise<SandboxReply>;
  /** The lines of a provider's journal, or those whose key begins like this. */
  readonly journal: (provider: string, key?: string) => Promise<Entry[]>;
  readonly faults: (rules: object[], seed?: number) => Promise<SandboxReply>;
  /** How often each fault fired, in the order of the rules. */
  readonly fired: () => Promise<number[]>;
}

/** A client of a sandbox that need not listen. */
export const sandboxClient = (app: FastifyInstance): SandboxClient => ({
  post: async (url, key, body) => {
    const response = await app.inject({ method: 'POST', url, headers: { 'idempotency-key': key }, payload: body });
    return { status: response.statusCode, body: response.json() };
  },

  journal: async (provider, key = '') => {
    const { body } = await app.inject({ url: `/journal/${provider}?key=${encodeURIComponent(key)}` });
    return body
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry);
  },

  faults: async (rules, seed = 1) => {
    const response = await app.inject({ method: 'PUT', url: '/faults', payload: { rules, seed } });
    return { status: response.statusCode, body: response.json() };
  },

  fired: async () => {
    const report = (await app.inject({ url: '/faults' })).json<{ rules: { fired: number }[] }>();
    return report.rules.map(({ fired }) => fired);
  },
});
