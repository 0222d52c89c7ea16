import { execFile } from 'node:child_process';
import path from 'node:path';
import { isRunnable } from './is-runnable';

const ANSWERS_WITHIN_MS = 5_000;
/** The exit codes of a shell, and of version managers' shims, for a program that is missing after all. */
const NOT_THERE = [126, 127];

/** The first of these programs that is on PATH and really runs. */
export async function programOnPath(names: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const directories = (env['PATH'] ?? '').split(path.delimiter).filter((directory) => path.isAbsolute(directory));
  for (const name of names) {
    for (const directory of directories) {
      const file = path.join(directory, name);
      if ((await isRunnable(file)) && (await runs(file, env))) return file;
    }
  }
  return undefined;
}

function runs(file: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(file, ['--version'], { env, timeout: ANSWERS_WITHIN_MS, killSignal: 'SIGKILL' }, (error) => {
      // Temporal's test server has no --version and exits with 1: what counts is that it ran.
      resolve(error === null || (typeof error.code === 'number' && !NOT_THERE.includes(error.code)));
    });
  });
}
