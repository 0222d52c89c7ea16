import { execFile as execFileOf, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { FreePorts } from '../../../src/local/stack/free-ports';
import { eventually } from '../../support/eventually';
import { blocksIn } from './documented';
import { failedIn, kit, triesIn, UNOBSERVED_IN_PROCESS, unobservedIn } from './kit';
import { inRoot } from '../../house/markdown-tables';

const SECRET = 'whsec_d2FyZWhvdXNlLXdhcmVob3VzZS13YXJlaG91c2Utd2g=';
const execFile = promisify(execFileOf);
const ports = new FreePorts();
const directory = mkdtemp(join(tmpdir(), 'providers '));
afterAll(async () => rm(await directory, { recursive: true, force: true }));

/** The warehouse of docs/providers.md, with and without the lines that check signatures. */
async function warehouse({ signed }: { signed: boolean }) {
  const [program = '', signature = '', lines = ''] = blocksIn('python');
  const port = await ports.pick(0);
  const path = join(await directory, `${port}.py`);
  const code = signed ? `${signature}\n${program.replace(/^ +else:\n/m, (last) => lines + last)}` : program;
  await writeFile(path, code.replace('8080', String(port)).replace('warehouse.db', `${port}.db`));
  const python = spawn('python3', [path], {
    ...{ cwd: await directory, stdio: 'ignore' },
    env: { ...process.env, WAREHOUSE_SECRET: SECRET },
  });
  const ended = once(python, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await eventually(() =>
    fetch(`${url}/provider/v1/warehouse`).then(
      ({ status }) => status === 204 || undefined,
      () => undefined,
    ),
  );
  return {
    url,
    stop: async () => {
      python.kill('SIGKILL');
      await ended;
    },
  };
}

test('the warehouse in Python passes the provider kit', async () => {
  const { url, stop } = await warehouse({ signed: false });

  const { code, stdout } = await kit('--url', url, '--role', 'warehouse', '--json');
  await stop();

  expect({ failed: failedIn(stdout), code }).toEqual({ failed: {}, code: 0 });
});

test('with the lines for signatures it passes the tries of a secret too', async () => {
  const { url, stop } = await warehouse({ signed: true });

  const { code, stdout } = await kit('--url', url, '--role', 'warehouse', '--secret', SECRET, '--json');
  const unsigned = await kit('--url', url, '--role', 'warehouse');
  await stop();

  expect({ failed: failedIn(stdout), code }).toEqual({ failed: {}, code: 0 });
  expect(unsigned).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: `There is no provider to try: ${url} answers a call without a signature with status 401: give --secret (nothing-to-try)\n`,
  });
});

/** As a team does it, with the types of a clone of this repository. */
async function compiled(adapter: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'mail-spool.mts'), adapter);
  await mkdir(join(folder, 'node_modules'));
  await symlink(inRoot(), join(folder, 'node_modules/durable-checkout'));
  const options = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
  const types = ['--typeRoots', inRoot('node_modules/@types')];
  await execFile(
    process.execPath,
    [inRoot('node_modules/typescript/bin/tsc'), ...options, ...types, 'mail-spool.mts'],
    {
      cwd: folder,
    },
  );
}

test('the mail adapter in TypeScript compiles and passes the provider kit', async () => {
  const [adapter = ''] = blocksIn('ts');
  const folder = await directory;
  const file = join(folder, 'providers.json');
  await compiled(adapter, folder);
  const mail = { adapter: 'module:./mail-spool.mjs', directory: join(folder, 'spool') };
  await writeFile(file, JSON.stringify({ default: { mail } }));

  // A process of its own: Jest loads no ES modules.
  const args = ['src/bin/provider-kit.ts', '--providers', file, '--role', 'mail', '--json'];
  const { stdout } = await execFile(process.execPath, ['--import', 'tsx', ...args], { cwd: inRoot() });

  expect({ failed: failedIn(stdout), tried: triesIn(stdout).length }).toEqual({ failed: {}, tried: 14 });
  expect(unobservedIn(stdout)).toEqual({ 'unknown key': 'the port has no find', ...UNOBSERVED_IN_PROCESS });
});
