import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { launchChild } from '../../src/local/stack/child';
import { FreePorts } from '../../src/local/stack/free-ports';
import { findProgram } from '../../src/local/stack/programs';
import { startTemporal } from '../../src/local/stack/temporal-server';
import { programSearch } from '../support/program-search';

test("the codec server's token is in no process arguments, and the Web UI has it nevertheless", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-codec-'));
  const endpoint = 'http://127.0.0.1:8088/a-token-that-nobody-sees-who-lists-processes/';
  const file = path.join(directory, 'temporal-flags.json');
  const ports = new FreePorts();
  const server = await startTemporal({
    launch: launchChild,
    program: await findProgram('temporal', programSearch()),
    ports: { grpc: await ports.pick(0), ui: await ports.pick(0), http: await ports.pick(0) },
    namespace: 'default',
    codec: { endpoint, file },
    env: process.env,
    logFile: path.join(directory, 'temporal.log'),
  });

  const settings = (await (await fetch(`${server.ui}/api/v1/settings`)).json()) as { Codec: { Endpoint: string } };
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8', maxBuffer: 100_000_000 });
  await server.child.stop();
  const { mode } = statSync(file);
  rmSync(directory, { recursive: true });

  expect(settings.Codec.Endpoint).toBe(endpoint);
  expect(processes).toContain(file);
  expect(processes).not.toContain('a-token-that-nobody-sees');
  expect(mode & 0o077).toBe(0);
});
