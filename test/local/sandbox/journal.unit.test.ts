import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { isEntry } from '../../../src/local/sandbox/entry';
import type { Entry, NewEntry } from '../../../src/local/sandbox/entry';
import { Journal } from '../../../src/local/sandbox/journal';
import { aDataDir } from '../../support/sandbox';

const anEntry = (key: string) => ({
  provider: 'payments',
  operation: 'authorize',
  key,
  outcome: 'authorized',
  amount: 100,
  bodyDigest: 'abc',
});

function setup() {
  const path = join(aDataDir(), 'deep', 'payments.jsonl');
  const open = () => {
    const replayed: Entry[] = [];
    const warnings: string[] = [];
    const journal = new Journal<NewEntry>(path, {
      isLine: isEntry,
      replay: (entry) => replayed.push(entry),
      warn: (sentence) => warnings.push(sentence),
    });
    return { journal, replayed, warnings };
  };
  return { path, open };
}

test('returns every appended line at the next start, numbered in order', () => {
  const { open } = setup();
  const { journal } = open();
  const first = journal.append(anEntry('a:x'));
  const second = journal.append(anEntry('b:x'));

  const { replayed, warnings } = open();

  expect(replayed).toEqual([first, second]);
  expect(replayed.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(warnings).toEqual([]);
});

test('drops a torn last line with a warning, and continues after the last whole one', async () => {
  const { path, open } = setup();
  open().journal.append(anEntry('a:x'));
  const whole = readFileSync(path, 'utf8');
  appendFileSync(path, whole.slice(0, 40));

  const { journal, replayed, warnings } = open();
  journal.append(anEntry('b:x'));

  expect(replayed).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('dropped 40 bytes')]);
  expect((await text(journal.read())).trim().split('\n')).toHaveLength(2);
  expect(open().replayed.map(({ key, seq }) => [key, seq])).toEqual([
    ['a:x', 1],
    ['b:x', 2],
  ]);
});

test('drops a last line without its newline, since its answer was never sent', () => {
  const { path, open } = setup();
  open().journal.append(anEntry('a:x'));
  writeFileSync(path, readFileSync(path, 'utf8').trimEnd());

  expect(open().replayed).toEqual([]);
});

test('does not start on a journal that is damaged in the middle or lacks a line', () => {
  const { path, open } = setup();
  const { journal } = open();
  for (const key of ['a:x', 'b:x', 'c:x']) journal.append(anEntry(key));
  const lines = readFileSync(path, 'utf8').trim().split('\n');

  writeFileSync(path, `${lines[0]}\n{"seq":2,\n${lines[2]}\n`);
  expect(open).toThrow('line 2 is damaged');

  writeFileSync(path, `${lines[0]}\n${lines[2]}\n`);
  expect(open).toThrow('line 2 is damaged');
});

test('does not append after another process has', () => {
  const { path, open } = setup();
  const { journal } = open();
  journal.append(anEntry('a:x'));
  appendFileSync(path, 'another process\n');

  expect(() => journal.append(anEntry('b:x'))).toThrow('changed by another process');
});

test('reads as empty before the first line', async () => {
  expect(await text(setup().open().journal.read())).toBe('');
});
