import { execFile } from 'node:child_process';
import path from 'node:path';
import type { PromiseName } from '../../../src/tools/verify/command';
import { packageRoot } from '../../../src/local/stack/package-root';
import type { Verdict } from '../../../src/tools/verify/verdict';

export interface Answer {
  readonly ok: boolean;
  readonly asOf: string | null;
  readonly code?: string;
  readonly promises: Readonly<Record<PromiseName, Verdict>>;
}

/** Runs the command like anybody else; returns its exit code and what it printed. */
export function verify(
  dataDir: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; answer: Answer }> {
  const program = path.join(packageRoot(), 'dist/src/tools/cli/main.js');
  return new Promise((resolve, reject) => {
    const command = [program, 'verify', '--json', '--data-dir', dataDir, ...args];
    execFile(process.execPath, command, { env: { ...process.env, ...env } }, (error, stdout) => {
      if (stdout === '') reject(new Error('It printed nothing', { cause: error }));
      else resolve({ code: Number(error?.code ?? 0), answer: JSON.parse(stdout) as Answer });
    });
  });
}
