import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { endOrphanedProcesses } from '../../../src/local/stack/orphaned-processes';
import { processIdentity } from '../../../src/local/stack/process-identity';
import { ProcessRegistry } from '../../../src/local/stack/process-registry';
import { aDirectory } from './setup';

const aRegistry = () => new ProcessRegistry(path.join(aDirectory(), 'processes.json'));

function aProcess(script = 'setInterval(() => undefined, 1000)') {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  return { pid: child.pid ?? 0, exited, kill: () => child.kill('SIGKILL') };
}

test('finds a process that another run recorded, until it is dead', async () => {
  const registry = aRegistry();
  const { pid, exited, kill } = aProcess();
  registry.record('worker', pid);

  const found = new ProcessRegistry(registry.file).living();
  kill();
  await exited;

  expect(found).toMatchObject([{ name: 'worker', pid }]);
  expect(registry.living()).toEqual([]);
});

test('does not take a recycled pid for one of ours', async () => {
  const registry = aRegistry();
  registry.record('worker', process.pid);
  const recorded = JSON.parse(readFileSync(registry.file, 'utf8')) as object[];
  writeFileSync(registry.file, JSON.stringify(recorded.map((one) => ({ ...one, identity: 'an earlier process' }))));

  const living = registry.living();
  await endOrphanedProcesses(registry, () => undefined);

  expect(living).toEqual([]);
  expect(processIdentity(process.pid)).toBeDefined();
});

test('ends what a killed stack left behind', async () => {
  const registry = aRegistry();
  const polite = aProcess();
  registry.record('worker', polite.pid);
  const said: string[] = [];

  await endOrphanedProcesses(registry, (line) => said.push(line));

  expect((await polite.exited)[1]).toBe('SIGTERM');
  expect(registry.living()).toEqual([]);
  expect(said).toEqual([expect.stringContaining(`worker (${polite.pid})`)]);
});

test('starts empty if there is no file, or a broken one', () => {
  const registry = aRegistry();
  const before = registry.living();
  writeFileSync(registry.file, '[{"na');

  expect([before, registry.living()]).toEqual([[], []]);
});
