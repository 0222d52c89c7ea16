import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { deadMansSwitch } from '../support/dead-mans-switch';
import { eventually } from '../support/eventually';
import { aDataDir, removeDataDir } from '../support/test-stack';
import { Parts } from './parts';

const NOBODY_INTERRUPTS = new AbortController().signal;
const DOWN_MS = 300;
const FROZEN_MS = 300;

let dataDir: string;
let parts: Parts;
let disarm: () => void;
beforeEach(async () => {
  dataDir = aDataDir();
  const orphans = deadMansSwitch(dataDir);
  disarm = () => orphans.disarm();
  parts = new Parts({ dataDir, orphans });
  await parts.begin('redis', async () => ({
    child: parts.launch({
      name: 'redis',
      command: '/bin/sleep',
      args: ['60'],
      env: {},
      logFile: path.join(dataDir, 'log'),
      graceMs: 1_000,
    }),
  }));
});
afterEach(async () => {
  await parts.stop();
  removeDataDir(dataDir);
  disarm();
});

const stateOf = (pid: number): string => execFileSync('ps', ['-o', 'stat=', '-p', String(pid)]).toString();

test('a killed part restarts as another process, but not before its down time is over', async () => {
  const before = parts.pids().redis;
  const since = performance.now();

  await parts.end('redis', { how: 'SIGKILL', downMs: DOWN_MS }, NOBODY_INTERRUPTS);

  expect(parts.pids().redis).not.toBe(before);
  expect(performance.now() - since).toBeGreaterThanOrEqual(DOWN_MS - 1);
});

test('a killed part is back before the next fault, even if its down time is cut short', async () => {
  const before = parts.pids().redis;
  const cut = new AbortController();

  const ended = parts.end('redis', { how: 'SIGKILL', downMs: DOWN_MS }, cut.signal);
  await eventually(() => parts.pids().redis !== before || undefined);
  cut.abort();
  await ended;

  expect(parts.pids().redis).toEqual(expect.any(Number));
  expect(parts.pids().redis).not.toBe(before);
});

test('a frozen part continues, even if the freeze is cut short', async () => {
  const pid = parts.pids().redis ?? 0;
  const cut = new AbortController();

  const frozen = parts.freeze('redis', FROZEN_MS, NOBODY_INTERRUPTS);
  await eventually(() => stateOf(pid).startsWith('T') || undefined);
  await frozen;
  await eventually(() => !stateOf(pid).startsWith('T') || undefined);

  const cutShort = parts.freeze('redis', 60_000, cut.signal);
  await eventually(() => stateOf(pid).startsWith('T') || undefined);
  cut.abort();
  await expect(cutShort).rejects.toThrow();
  await eventually(() => !stateOf(pid).startsWith('T') || undefined);
});

test('recovers all parts, even one that was to stay down for long', async () => {
  const interrupted = new AbortController();
  const before = parts.pids().redis;
  const ended = parts.end('redis', { how: 'SIGKILL', downMs: 60_000 }, interrupted.signal);
  await eventually(() => {
    try {
      process.kill(before ?? 0, 0);
      return undefined;
    } catch {
      return true;
    }
  });
  interrupted.abort();
  await ended;
  await parts.recover();

  expect(parts.pids().redis).not.toBe(before);
});
