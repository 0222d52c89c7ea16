import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keepLogSmall } from '../../src/runtime/keep-log-small';
import { createLogger } from '../../src/runtime/logger';
import { logDestination } from '../../src/runtime/log-destination';
import { rotateLog } from '../../src/runtime/rotate-log';
import { describeWith } from '../support/describe-with';
import { noSmallVolumes, smallVolume } from '../support/small-volume';
import type { SmallVolume } from '../support/small-volume';

const BYTES = 100_000;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A process's log, as `npm start` opens it. */
function aLog(file = path.join(directory, 'api.log')) {
  const descriptor = openSync(file, 'a');
  const destination = logDestination(descriptor, () => undefined, keepLogSmall(descriptor, file, BYTES));
  const logger = createLogger('test', { LOG_LEVEL: 'info' }, destination);
  const write = (from: number, to: number) => {
    for (let number = from; number < to; number += 1) logger.info({ number, text: 'x'.repeat(60) }, 'a line');
  };
  return { file, write, close: () => closeSync(descriptor) };
}

const numbersIn = (files: readonly string[]) =>
  files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(isWhole)
      .map((line) => (JSON.parse(line) as { number: number }).number),
  );
/** A line that a full disk took only half of does not count. */
const isWhole = (line: string) => line.endsWith('}');
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

test('a rotated log loses and tears no line', () => {
  const { file, write, close } = aLog();
  const lines = 1_500;

  write(0, lines);
  close();

  expect(readdirSync(directory).sort()).toEqual(['api.log', 'api.log.1', 'api.log.2']);
  expect(numbersIn([`${file}.2`, `${file}.1`, file])).toEqual(upTo(lines));
});

test('endless errors do not fill the disk: it keeps three files of limited size, with the newest lines', () => {
  const { file, write, close } = aLog();
  const lines = 20_000;

  write(0, lines);
  close();

  const sizes = readdirSync(directory).map((name) => statSync(path.join(directory, name)).size);
  expect(sizes).toHaveLength(3);
  expect(Math.max(...sizes)).toBeLessThan(BYTES * 1.1);
  const kept = numbersIn([`${file}.2`, `${file}.1`, file]);
  expect(kept).toEqual(upTo(lines).slice(-kept.length));
});

test('rotates a log that is too large at the start with its first line', () => {
  writeFileSync(path.join(directory, 'api.log'), `{"number":-1}\n${' '.repeat(BYTES)}`);
  const { file, write, close } = aLog();

  write(0, 2);
  close();

  expect(numbersIn([file])).toEqual([1]);
});

test("leaves alone a file that someone put in the log's place", () => {
  const { file, write, close } = aLog();
  rmSync(file);
  writeFileSync(file, 'another file');

  write(0, 2_000);
  close();

  expect(readdirSync(directory)).toEqual(['api.log']);
  expect(readFileSync(file, 'utf8')).toBe('another file');
});

describeWith(noSmallVolumes(), 'on a full disk', () => {
  let volume: SmallVolume;
  beforeEach(() => {
    volume = smallVolume(path.join(directory, 'volume'), 1);
  });
  afterEach(() => volume.unmount());

  test('without space to rotate, the log stays and the process goes on; with space again, it is rotated', () => {
    const { file, write, close } = aLog(path.join(volume.directory, 'api.log'));
    write(0, 500);
    volume.fill();
    rotateLog(file);
    expect(() => write(500, 1_500)).not.toThrow();
    expect(readdirSync(volume.directory).sort()).toEqual(['api.log', 'filler']);
    expect(numbersIn([file]).slice(0, 500)).toEqual(upTo(500));

    volume.free();
    write(1_500, 2_000);
    close();

    expect(readdirSync(volume.directory).sort()).toEqual(['api.log', 'api.log.1']);
    const kept = numbersIn([`${file}.1`, file]);
    expect(kept.filter((number) => number < 500 || number >= 1_500)).toEqual([
      ...upTo(500),
      ...upTo(2_000).slice(1_500),
    ]);
  });
});
