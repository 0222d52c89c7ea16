import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey } from '../support/builders';
import { describeWith } from '../support/describe-with';
import { eventually } from '../support/eventually';
import { RunningStack } from '../support/running-stack';
import { noSmallVolumes, smallVolume } from '../support/small-volume';
import type { SmallVolume } from '../support/small-volume';
import { aDataDir, startTestStack } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';

/** Room for what a stack begins with, and for the write-ahead log to grow once. */
const WHOLE_MB = 200;
/** For a stack's first log lines. */
const LOGS_MB = 4;
const ORDERS = 10;

const logOf = (dataDir: string, part: string): string =>
  readFileSync(path.join(dataDir, 'logs', `${part}.log`), 'utf8');

describeWith(noSmallVolumes(), 'a full disk', () => {
  let mount: string;
  let volume: SmallVolume;
  let run: TestStack;
  let stack: RunningStack;
  beforeEach(() => {
    mount = aDataDir();
  });
  afterEach(async () => {
    volume.free();
    await stack.db.close();
    await run.interrupt();
    volume.unmount();
    rmSync(mount, { recursive: true, force: true });
  }, 60_000);

  async function start(dataDir: string): Promise<void> {
    run = await startTestStack(dataDir);
    stack = new RunningStack(dataDir);
  }

  const ready = async () => {
    const response = await fetch(`${stack.file.api}/readyz`).catch(() => undefined);
    return response && { status: response.status, ...((await response.json()) as { problems: string[] }) };
  };
  const readyWhen = (good: (problems: readonly string[]) => boolean) =>
    eventually(async () => {
      const report = await ready();
      return report && good(report.problems) ? report : undefined;
    });

  /** Places an order, and returns its id if it was accepted. */
  async function place(): Promise<string | undefined> {
    const key = aKey();
    const placed = await stack.place(undefined, { key }).catch(() => undefined);
    return placed?.status === 202 ? resourceIdOf('chk', 'acme', key) : undefined;
  }

  async function expectCompletedOnce(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      expect({ id, state: (await stack.ended(id)).state }).toEqual({ id, state: 'completed' });
      expect((await stack.authorizations(id)).filter((outcome) => outcome === 'authorized')).toHaveLength(1);
    }
  }

  test('when the whole disk is full, keeps what was acknowledged, reports the problem, and recovers when there is space', async () => {
    volume = smallVolume(path.join(mount, 'volume'), WHOLE_MB);
    await start(path.join(volume.directory, 'data'));
    await stack.faults([{ provider: 'mail', operation: 'send', kind: 'slow', delayMs: 1_500 }]);
    const acknowledged = await Promise.all(Array.from({ length: ORDERS }, place));

    volume.fill();
    // Orders that fit into existing pages are still accepted.
    for (;;) {
      const id = await place();
      if (id === undefined) break;
      acknowledged.push(id);
    }
    const full = await readyWhen((problems) => problems.some((each) => each.includes('disk of Postgres is full')));
    await exhaustLog(run.stack.postgres);
    const stopped = await readyWhen((problems) => problems.some((each) => each.includes('Postgres does not answer')));
    await eventually(() => (run.output().match(/Postgres stopped/g) ? true : undefined));
    volume.free();

    await readyWhen((problems) => problems.length === 0);
    acknowledged.push(await eventually(place));
    await expectCompletedOnce(acknowledged.filter((id) => id !== undefined));
    expect([full.status, stopped.status]).toEqual([503, 503]);
  }, 180_000);

  test('when only the disk of the logs is full, orders go on, and missing lines are reported', async () => {
    const data = path.join(mount, 'data');
    volume = smallVolume(path.join(data, 'logs'), LOGS_MB);
    await start(data);
    const parts = stack.file.pids;

    volume.fill();
    const acknowledged = await Promise.all(Array.from({ length: ORDERS }, place));
    expect(acknowledged).not.toContain(undefined);
    await expectCompletedOnce(acknowledged.filter((id) => id !== undefined));
    // Now each part has something to log, and one part has to start with a log that takes nothing.
    process.kill(parts.postgres ?? 0, 'SIGKILL');
    const full = await readyWhen((problems) => problems.some((each) => each.includes('log lines are lost')));
    await expectCompletedOnce([await eventually(place)]);
    expect(stack.file.pids).toEqual({ ...parts, postgres: expect.any(Number) });
    volume.free();

    await readyWhen((problems) => problems.length === 0);
    await expectCompletedOnce([await eventually(place)]);
    expect(full.problems.length).toBeGreaterThan(0);
    expect(logOf(data, 'api')).toMatch(/"lost":\d+/);
  }, 180_000);
});

/** Postgres stops when it cannot begin another file of its write-ahead log. */
async function exhaustLog(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  const gone = new Promise<void>((resolve) => client.on('end', resolve));
  for (;;) {
    const failed = await client.query(`select pg_logical_emit_message(false, 'x', 'x'), pg_switch_wal()`).then(
      () => false,
      () => true,
    );
    if (failed) break;
  }
  await gone;
}
