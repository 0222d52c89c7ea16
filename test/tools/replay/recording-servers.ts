import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { readConfig } from '../../../src/runtime/config';
import { dataConverterOf } from '../../../src/payloads/data-converter';
import { registerSearchAttributes } from '../../../src/runtime/search-attributes';
import { packageRoot } from '../../../src/local/stack/package-root';
import { findProgram } from '../../../src/local/stack/programs';
import type { ProgramName } from '../../../src/local/stack/programs';
import { quietRuntime } from '../../support/quiet-runtime';
import type { Scenario } from './scenario';

/** Appears in the histories in place of a worker's process and machine. */
export const RECORDER = 'recorder';

export interface RecordingServers {
  /** The server that a scenario needs. */
  readonly of: (scenario: Scenario) => TestWorkflowEnvironment;
  stop(): Promise<void>;
}

/** The server that people run, and the one that skips time. */
export async function startRecordingServers(): Promise<RecordingServers> {
  quietRuntime();
  const client = { identity: RECORDER, dataConverter: dataConverterOf('') };
  const real = await TestWorkflowEnvironment.createLocal({
    client,
    server: { executable: await program('temporal'), extraArgs: ['--output', 'none', '--log-level', 'error'] },
  });
  const timeSkipping = await TestWorkflowEnvironment.createTimeSkipping({
    client,
    server: { executable: await program('temporal-test-server') },
  });
  const both = [real, timeSkipping];
  await Promise.all(both.map(({ connection }) => registerSearchAttributes(connection, 'default')));
  return {
    of: ({ server }) => (server === 'time-skipping' ? timeSkipping : real),
    stop: async () => void (await Promise.all(both.map((env) => env.teardown()))),
  };
}

async function program(name: ProgramName) {
  const cacheDir = path.resolve(packageRoot(), readConfig().CACHE_DIR);
  const found = await findProgram(name, { cacheDir, env: process.env, onProgress: (line) => console.error(line) });
  return { type: 'existing-path', path: found } as const;
}
