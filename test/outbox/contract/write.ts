import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../../../src/local/stack/package-root';
import { contractFiles } from './contract-files';
import { currentSchemas, releaseFile } from './released';

const SCHEMAS = path.join(packageRoot(), 'src/outbox/contract/schemas');

/** `npm run asyncapi`: writes the files for consumers. With `-- --release v0.2`, also the schemas that this release promises. */
async function main([option, release, ...more]: readonly string[]): Promise<void> {
  if (option !== undefined && (option !== '--release' || !/^v\d+\.\d+$/.test(release ?? '') || more.length > 0)) {
    throw new Error('Usage: npm run asyncapi [-- --release v<major>.<minor>]');
  }
  if (release !== undefined && existsSync(releaseFile(release))) {
    throw new Error(`${release} is released: its schemas must not change`);
  }
  // Otherwise a removed event would leave its file behind.
  await rm(SCHEMAS, { recursive: true, force: true });
  for (const [file, content] of Object.entries(contractFiles())) await write(path.join(packageRoot(), file), content);
  if (release !== undefined) await write(releaseFile(release), currentSchemas());
}

async function write(file: string, content: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await format(JSON.stringify(content), { ...(await resolveConfig(file)), filepath: file }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = 1;
  console.error((error as Error).message);
});
