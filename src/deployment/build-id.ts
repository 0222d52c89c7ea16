import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The build id of workers without one: older than versioning, or with versioning off. */
export const UNVERSIONED = '';

const SOURCE_MAP = '\n//# sourceMappingURL=';
/** Long enough to tell all builds apart, and short enough to read aloud. */
const LENGTH = 12;

/** A build is the workflows' code: the same code is the same build, wherever and whenever it is bundled. */
export async function buildIdOf(bundleFile: string): Promise<string> {
  const bundle = await readFile(bundleFile, 'utf8');
  // The source map at the end contains the directory of the build.
  const end = bundle.lastIndexOf(SOURCE_MAP);
  return createHash('sha256')
    .update(end === -1 ? bundle : bundle.slice(0, end))
    .digest('hex')
    .slice(0, LENGTH);
}
