import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isRunnable } from './is-runnable';
import type { ProgramSearch } from './program-search';

/** Lets Temporal's SDK download one of its servers into the cache. Starting and stopping the server is the only way to do that. */
export async function downloadWithSdk(kind: 'dev-server' | 'time-skipping', search: ProgramSearch): Promise<string> {
  const downloadDir = path.join(search.cacheDir, 'programs', `sdk-${kind}`);
  await mkdir(downloadDir, { recursive: true });
  const cached = await onlyProgramIn(downloadDir);
  if (cached !== undefined) return cached;

  search.onProgress?.(`Downloading Temporal's ${kind} server with the SDK`);
  // Loaded only here: it brings in the SDK's native core, which a supervisor does not need otherwise.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const server = { executable: { type: 'cached-download', downloadDir } } as const;
  const environment = await (kind === 'dev-server'
    ? TestWorkflowEnvironment.createLocal({ server })
    : TestWorkflowEnvironment.createTimeSkipping({ server }));
  await environment.teardown();

  const downloaded = await onlyProgramIn(downloadDir);
  if (downloaded === undefined) throw new Error(`The SDK left no program in ${downloadDir}`);
  return downloaded;
}

async function onlyProgramIn(directory: string): Promise<string | undefined> {
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name);
    if (await isRunnable(file)) return file;
  }
  return undefined;
}
