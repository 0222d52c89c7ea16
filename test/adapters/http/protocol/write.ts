import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { providersOpenApi } from '../../../../src/adapters/http/protocol/openapi';
import { packageRoot } from '../../../../src/local/stack/package-root';
import { DOCUMENT } from './document';

/** `npm run providers:openapi`: writes the document for whoever connects a provider. */
async function main(): Promise<void> {
  const file = path.join(packageRoot(), DOCUMENT);
  const text = JSON.stringify(providersOpenApi());
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

void main();
