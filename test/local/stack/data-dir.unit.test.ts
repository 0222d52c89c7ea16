import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openDataDir } from '../../../src/local/stack/data-dir';
import { lockDataDir } from '../../../src/local/stack/data-dir-lock';
import { detachedHome } from '../../../src/local/stack/detached-home';
import { aDirectory } from './setup';

const quietly = { fresh: false, say: () => undefined };
const me = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

test('belongs to one stack at a time', async () => {
  const directory = aDirectory();
  const first = await openDataDir(directory, quietly);

  await expect(openDataDir(directory, quietly)).rejects.toThrow(`belongs to a running stack (process ${process.pid})`);

  first.release();
  const second = await openDataDir(directory, quietly);
  second.release();
});

test('is free again after its owner was killed', () => {
  const directory = aDirectory();
  const { pid } = spawnSync('true');
  writeFileSync(path.join(directory, 'start.lock'), JSON.stringify({ pid, identity: 'long gone' }));

  const lock = lockDataDir(directory);

  expect(readdirSync(directory)).toEqual(['start.lock']);
  lock.release();
});

test('is emptied by --fresh, together with a database that lives elsewhere', async () => {
  const directory = aDirectory();
  (await openDataDir(directory, quietly)).release();
  mkdirSync(path.join(directory, 'postgres'));
  const home = await detachedHome(directory, me);
  mkdirSync(path.join(directory, 'valkey'));
  writeFileSync(path.join(directory, 'stack.json'), '{}');

  const { release } = await openDataDir(directory, { ...quietly, fresh: true });

  expect(existsSync(home)).toBe(false);
  expect(readdirSync(directory).sort()).toEqual(['processes.json', 'start.lock']);
  release();
});

test('is not emptied if it never belonged to a stack', async () => {
  const directory = aDirectory();
  writeFileSync(path.join(directory, 'thesis.txt'), 'years of work');

  await expect(openDataDir(directory, { ...quietly, fresh: true })).rejects.toThrow('--fresh does not empty it');

  expect(readdirSync(directory)).toEqual(['thesis.txt']);
});

test('deletes no directory that it links to, unless that was made for it', async () => {
  const directory = aDirectory();
  (await openDataDir(directory, quietly)).release();
  const foreign = aDirectory();
  symlinkSync(foreign, path.join(directory, 'postgres'));

  (await openDataDir(directory, { ...quietly, fresh: true })).release();

  expect(existsSync(foreign)).toBe(true);
});

test("leaves the original's database alone when a copy is emptied", async () => {
  const [original, copy] = [aDirectory(), aDirectory()];
  mkdirSync(path.join(original, 'postgres'));
  const home = await detachedHome(original, me);
  (await openDataDir(copy, quietly)).release();
  symlinkSync(home, path.join(copy, 'postgres'));

  (await openDataDir(copy, { ...quietly, fresh: true })).release();

  expect(existsSync(home)).toBe(true);
});
