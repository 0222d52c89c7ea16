import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Child } from '../../../src/local/stack/child';
import type { PartName } from '../../../src/local/stack/part-names';
import { ProcessRegistry } from '../../../src/local/stack/process-registry';
import { startWhereFree } from '../../../src/local/stack/start-where-free';
import { Supervisor } from '../../../src/local/stack/supervisor';
import { waitUntilReady } from '../../../src/local/stack/wait-until-ready';
import { eventually } from '../../support/eventually';
import { aDirectory } from './setup';

/** Ready immediately, and exits when asked to. */
const OBEDIENT = 'process.send("ready"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => 0, 1000)';
const STUBBORN = 'process.on("SIGTERM", () => 0); process.send("ready"); setInterval(() => 0, 1000)';

function setup(place = '.') {
  const directory = aDirectory();
  const registry = new ProcessRegistry(path.join(directory, place, 'processes.json'));
  const stopping = new AbortController();
  const said: string[] = [];
  let onRestart = () => undefined as void;
  const restarted = new Promise<void>((resolve) => (onRestart = resolve));
  const say = (line: string) => void said.push(line);
  const supervisor = new Supervisor({ registry, say, signal: stopping.signal, onRestart: () => onRestart() });
  const start = async (name: PartName, script: string): Promise<Child> => {
    const logFile = path.join(directory, `${name}.log`);
    const command = { command: process.execPath, args: ['-e', script], env: process.env };
    const child = supervisor.launch({ name, ...command, logFile, ipc: true, graceMs: 300 });
    await waitUntilReady(child, () => child.announced, stopping.signal);
    return child;
  };
  const stop = () => {
    stopping.abort();
    return supervisor.stop();
  };
  return { directory, supervisor, registry, said, start, stop, restarted };
}

test('restarts what dies, and knows its new pid', async () => {
  const { supervisor, registry, said, start, stop, restarted } = setup();
  const worker = await start('worker', OBEDIENT);
  supervisor.keep(worker, () => start('worker', OBEDIENT));

  process.kill(worker.pid, 'SIGKILL');
  await restarted;

  const { worker: pid } = supervisor.pids();
  expect(pid).not.toBe(worker.pid);
  expect(registry.living()).toMatchObject([{ name: 'worker', pid }]);
  expect(said).toEqual([expect.stringContaining('Worker stopped (SIGKILL); starting it again')]);
  await stop();
});

test('restarts and stops a part that could not be recorded, and records it once it can', async () => {
  const { directory, supervisor, registry, said, start, stop, restarted } = setup('missing');
  const worker = await start('worker', OBEDIENT);
  supervisor.keep(worker, () => start('worker', OBEDIENT));

  process.kill(worker.pid, 'SIGKILL');
  await restarted;
  expect(said).toContainEqual(
    expect.stringMatching(new RegExp(`^Worker runs as process ${worker.pid}, which could not be recorded: ENOENT`)),
  );
  expect(registry.living()).toEqual([]);
  mkdirSync(path.join(directory, 'missing'));

  const { worker: pid } = supervisor.pids();
  expect(await eventually(() => registry.living()[0])).toMatchObject({ name: 'worker', pid });
  await stop();
  expect(await eventually(() => (registry.living().length === 0 ? true : undefined))).toBe(true);
});

test('stops everything in order, users of a part before the part, and starts nothing after that', async () => {
  const { supervisor, registry, said, start, stop } = setup();
  for (const name of ['postgres', 'api', 'worker'] as const) {
    supervisor.keep(await start(name, OBEDIENT), () => start(name, OBEDIENT));
  }

  await stop();

  expect(said).toEqual(['Stopping API', 'Stopping Worker', 'Stopping Postgres']);
  expect(registry.living()).toEqual([]);
  await expect(start('relay', OBEDIENT)).rejects.toThrow('aborted');
});

test('kills what does not stop in time', async () => {
  const { start, stop } = setup();
  const worker = await start('worker', STUBBORN);

  await stop();

  expect(await worker.exited).toBe('SIGKILL');
});

test('gives a part that dies while starting another place', async () => {
  const { start, stop } = setup();
  const places = ['taken', 'free'];

  const { place } = await startWhereFree(
    async () => places.shift() ?? 'none left',
    (chosen) => start('api', chosen === 'free' ? OBEDIENT : 'console.error("port taken"); process.exit(1)'),
  );

  expect(place).toBe('free');
  await stop();
});

test('keeps the output of a part that does not start', async () => {
  const { start, stop } = setup();

  const failure = await start('api', 'console.error("no such table"); process.exit(3)').catch(
    (error: unknown) => error,
  );

  expect(failure).toMatchObject({ why: 'exit code 3', child: { name: 'api' } });
  const { child } = failure as { child: Child };
  expect(child.log.tail()).toBe('no such table');
  expect(readFileSync(child.log.file, 'utf8')).toBe('no such table\n');
  await stop();
});

test('rotates the log of a program that never stops writing, and still shows its last lines', async () => {
  const { directory, supervisor, stop } = setup();
  const logFile = path.join(directory, 'postgres.log');
  const script = `for (let line = 0; line < 110_000; line += 1) console.log(String(line).padStart(99)); setInterval(() => console.log('still here'), 5)`;
  const args = ['-e', script];
  const child = supervisor.launch({
    ...{ name: 'postgres' as const, command: process.execPath, args, env: process.env, logFile, graceMs: 300 },
  });

  await eventually(() => (existsSync(`${logFile}.1`) && statSync(logFile).size < 1_000_000 ? true : undefined));
  const lastLines = () => child.log.tail().split('\n');
  await eventually(() => (lastLines().every((line) => line === 'still here') ? true : undefined));
  const moved = readFileSync(`${logFile}.1`, 'utf8');
  await stop();

  expect(moved.startsWith('0\n'.padStart(100))).toBe(true);
  expect(moved).toContain('109999\n');
});
