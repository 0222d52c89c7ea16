import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../../../src/payloads/data-converter';
import { inRoot } from '../../house/markdown-tables';

type Change = (source: string) => string;

/** Bundles this tree's workflow with one of its files changed. Throws if the change does not find its text. */
export async function changedWorkflow(file: string, change: Change): Promise<WorkflowBundle> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'changed-workflow-'));
  try {
    symlinkSync(inRoot('node_modules'), path.join(root, 'node_modules'));
    for (const room of ['workflows', 'src/contract', 'src/domain']) {
      cpSync(inRoot(room), path.join(root, room), { recursive: true });
    }
    const source = readFileSync(path.join(root, file), 'utf8');
    const changed = change(source);
    if (changed === source) throw new Error(`The change finds nothing in ${file} any more`);
    writeFileSync(path.join(root, file), changed);
    return await bundleWorkflowCode({
      workflowsPath: path.join(root, 'workflows'),
      workflowInterceptorModules: [path.join(root, 'workflows/interceptors')],
      failureConverterPath: FAILURE_CONVERTER_PATH,
      logger: new DefaultLogger('ERROR', () => undefined),
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Swaps two lines, each identified by text that is on no other line. */
export const swapLines =
  (one: string, other: string): Change =>
  (source) => {
    const lines = source.split('\n');
    const [at, otherAt] = [theLineWith(lines, one), theLineWith(lines, other)];
    [lines[at], lines[otherAt]] = [lines[otherAt] ?? '', lines[at] ?? ''];
    return lines.join('\n');
  };

function theLineWith(lines: readonly string[], text: string): number {
  const found = lines.flatMap((line, at) => (line.includes(text) ? [at] : []));
  const [at] = found;
  if (at === undefined || found.length > 1) throw new Error(`${found.length} lines have ${text}, and not one`);
  return at;
}
