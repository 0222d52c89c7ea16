import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { changesSinceRelease } from '../../../src/tools/replay/released-shape';
import { folderOf, releaseShape, writeShape } from './corpus';

let folder: string;
beforeEach(() => {
  folder = folderOf('v9.9', mkdtempSync(path.join(os.tmpdir(), 'corpus-')));
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

const histories = (...names: string[]) => new Map(names.map((name) => [name, `{"of":"${name}"}`]));

test('recording replaces a shape that is not released as a whole', () => {
  writeShape(folder, histories('completed', 'a-removed-scenario'));

  writeShape(folder, histories('completed', 'cancelled'));

  expect(readdirSync(folder)).toEqual(['cancelled.json', 'completed.json']);
});

test('a released shape can be neither recorded nor released again', () => {
  writeShape(folder, histories('completed'));
  releaseShape(folder);
  const before = readFileSync(path.join(folder, 'completed.json'), 'utf8');

  expect(() => writeShape(folder, histories('completed', 'cancelled'))).toThrow('v9.9 is released');
  expect(() => releaseShape(folder)).toThrow('v9.9 is released');

  expect(readdirSync(folder).sort()).toEqual(['RELEASED', 'completed.json']);
  expect(readFileSync(path.join(folder, 'completed.json'), 'utf8')).toBe(before);
  expect(changesSinceRelease(folder)).toEqual([]);
});

test('a shape without histories cannot be released', () => {
  expect(() => releaseShape(folder)).toThrow('holds no histories');
});
