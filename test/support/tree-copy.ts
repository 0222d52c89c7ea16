import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/local/stack/package-root';
import { endAllInTrees, runInTree } from './tree-process';

const run = promisify(execFile);
const MOST_OUTPUT = 10_000_000;

/** Large, and the same for every mutant: installed packages and downloaded programs. */
const SHARED = ['node_modules', '.cache'];

/** A copy of the current work tree, with uncommitted changes. The caller removes it. */
export async function copyTree(): Promise<string> {
  const root = packageRoot();
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: MOST_OUTPUT,
  });
  const copy = emptyTree();
  // Files that are deleted but not committed are still listed.
  for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(path.join(root, name)))) {
    cpSync(path.join(root, file), path.join(copy, file));
  }
  for (const name of SHARED)
    if (existsSync(path.join(root, name))) symlinkSync(path.join(root, name), path.join(copy, name));
  return copy;
}

/** A copy of a copy, with what was built in it. The caller removes it too. */
export function copyOf(tree: string): string {
  const copy = emptyTree();
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

const trees = new Set<string>();

/** A second Ctrl-C ends us in the middle, so the cleaning up is done on exit. */
function emptyTree(): string {
  if (trees.size === 0) {
    process.once('exit', () => {
      endAllInTrees();
      trees.forEach(removeTree);
    });
  }
  const tree = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-mutant-'));
  trees.add(tree);
  return tree;
}

/** Throws if the patch changes code that no longer exists. */
export const apply = async (tree: string, patch: string): Promise<void> =>
  void (await run('git', ['apply', patch], { cwd: tree }));

export async function build(tree: string, signal: AbortSignal): Promise<void> {
  const { code, stdout, stderr } = await runInTree(tree, ['npm', 'run', '--silent', 'build'], signal);
  signal.throwIfAborted();
  // A compiler reports errors on standard output.
  if (code !== 0) throw new Error(`It was not built:\n${stdout}${stderr}`.trim());
}

/** Processes that still write into it were told to end, and may need a moment. */
export const removeTree = (tree: string): void => {
  rmSync(tree, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  trees.delete(tree);
};

/** Why a patch does not apply, or a tree cannot be built. */
export const complaintOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();
