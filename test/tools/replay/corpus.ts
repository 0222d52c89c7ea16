import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isReleased, release } from '../../../src/tools/replay/released-shape';
import { inRoot } from '../../house/markdown-tables';
import type { Lane } from '../../support/saga-harness';

export const CORPUS = inRoot('test/histories');

/**
 * The shape of this tree's workflow: what its histories are recorded under. Raise it when the shape is released and a history would change.
 * A number of its own, because a release need not bring a new shape: v0.1 ran before there were releases, 0.1.0 has v0.2.
 */
export const CURRENT_SHAPE = 'v0.3';

/** The folders of this tree's shape: one for each lane, with the same scenarios. */
export const laneFolders = (): readonly (readonly [Lane, string])[] => [
  ['regular', folderOf(CURRENT_SHAPE)],
  ['fast', folderOf(`${CURRENT_SHAPE}-fast-lane`)],
];

export const folderOf = (shape: string, corpus = CORPUS): string => path.join(corpus, shape);

/** Throws if this shape was released: new code is tested against its histories. */
export function refuseIfReleased(folder: string): void {
  if (!isReleased(folder)) return;
  throw new Error(
    `${path.basename(folder)} is released, so its histories stay as they are: raise CURRENT_SHAPE in test/tools/replay/corpus.ts first`,
  );
}

/** Replaces the folder with these histories. All were recorded before, so it is all or nothing. */
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
