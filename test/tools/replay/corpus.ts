import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isReleased, release } from '../../../src/tools/replay/released-shape';
import { inRoot, read } from '../../house/markdown-tables';
import type { Lane } from '../../support/saga-harness';

export const CORPUS = inRoot('test/histories');

/** What this tree is called as a shape of the workflow: a change of shape is at least a minor version. */
export function currentShape(): string {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  return `v${version.split('.').slice(0, 2).join('.')}`;
}

/** The folders of this tree's shape: one for each lane, with the same scenarios. */
export const laneFolders = (): readonly (readonly [Lane, string])[] => [
  ['regular', folderOf(currentShape())],
  ['fast', folderOf(`${currentShape()}-fast-lane`)],
];

export const folderOf = (shape: string, corpus = CORPUS): string => path.join(corpus, shape);

/** Throws if workers out there have run this shape: its histories are what new code is measured against. */
export function refuseIfReleased(folder: string): void {
  if (!isReleased(folder)) return;
  throw new Error(
    `${path.basename(folder)} is released, so its histories stay as they are: raise the minor version in package.json first`,
  );
}

/** Makes the histories those of the folder, and no others. All or nothing: they were all recorded before. */
export function writeShape(folder: string, histories: ReadonlyMap<string, string>): void {
  refuseIfReleased(folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, json] of histories) writeFileSync(path.join(folder, `${name}.json`), `${json}\n`);
}

export function releaseShape(folder: string): void {
  refuseIfReleased(folder);
  if (!existsSync(folder) || readdirSync(folder).length === 0) throw new Error(`${folder} holds no histories`);
  release(folder);
}
