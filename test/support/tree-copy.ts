import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/local/stack/package-root';
import { endAllInTrees, runInTree } from './tree-process';

const run = promisify(execFile);
const MOST_OUTPUT = 10_000_000;

/** Large, and the same for every mutant: what was installed, and the programs that were fetched. */
const SHARED = ['node_modules', '.cache'];

/** A copy of the work tree as it is now, with what is not committed yet. Somebody has to remove it. */
export async function copyTree(): Promise<string> {
  const root = packageRoot();
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: MOST_OUTPUT,
  });
  const copy = emptyTree();
  // What is deleted and not committed yet is still listed.
  for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(path.join(root, name)))) {
    cpSync(path.join(root, file), path.join(copy, file));
  }
  for (const name of SHARED)
    if (existsSync(path.join(root, name))) symlinkSync(path.join(root, name), path.join(copy, name));
  return copy;
}

/** Of a copy, with what was built in it. Somebody has to remove it as well. */
export function copyOf(tree: string): string {
  const copy = emptyTree();
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

const trees = new Set<string>();

/** The second Ctrl-C ends us in the middle, and what is left to do is done then. */
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

/** Throws where the patch is about code that is not there any more. */
export const apply = async (tree: string, patch: string): Promise<void> =>
  void (await run('git', ['apply', patch], { cwd: tree }));

export async function build(tree: string, signal: AbortSignal): Promise<void> {
  const { code, stdout, stderr } = await runInTree(tree, ['npm', 'run', '--silent', 'build'], signal);
  signal.throwIfAborted();
  // A compiler complains on its standard output.
  if (code !== 0) throw new Error(`It was not built:\n${stdout}${stderr}`.trim());
}

/** Whoever still wrote into it was told to end, and may need a moment. */
export const removeTree = (tree: string): void => {
  rmSync(tree, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  trees.delete(tree);
};

/** Of a patch that does not apply, or a tree that cannot be built. */
export const complaintOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();
