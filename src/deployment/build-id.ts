import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The build id of workers that have none: those from before there were versions, and those with versioning off. */
export const UNVERSIONED = '';

const SOURCE_MAP = '\n//# sourceMappingURL=';
/** Enough to tell apart all the builds there will ever be, and short enough to read out. */
const LENGTH = 12;

/** A build is the workflows' code: the same code is the same build, wherever and whenever it was bundled. */
export async function buildIdOf(bundleFile: string): Promise<string> {
  const bundle = await readFile(bundleFile, 'utf8');
  // The source map at the end names the directory it was built in.
  const end = bundle.lastIndexOf(SOURCE_MAP);
  return createHash('sha256')
    .update(end === -1 ? bundle : bundle.slice(0, end))
    .digest('hex')
    .slice(0, LENGTH);
}
