import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { release } from '../../../src/tools/replay/released-shape';
import { CURRENT_SHAPE, folderOf } from './corpus';
import { quietRuntime } from '../../support/quiet-runtime';
import { replay, reportIn } from './replay';

beforeAll(quietRuntime);

const GOOD = path.join(folderOf(CURRENT_SHAPE), 'completed.json');
const history = JSON.parse(readFileSync(GOOD, 'utf8')) as { events: object[] };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'histories '));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(path.join(dir, name), text);
const withEvents = (events: readonly object[]) => JSON.stringify({ events });

test('fails on an empty directory, since replaying nothing proves nothing', async () => {
  const { code, stdout } = await replay([dir]);

  expect(code).toBe(1);
  expect(stdout).toContain('There was no history to replay, so nothing is proved.');
});

test('with --json, an empty directory is an object that is not ok, with the message on standard error', async () => {
  const outcome = await replay([dir, '--json']);

  expect(reportIn(outcome)).toEqual({ ok: false, replayed: 0, failed: [] });
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('no history to replay') });
});

test.each([
  ['is cut off', readFileSync(GOOD, 'utf8').slice(0, -1_000), /^Not a history: /],
  ['is empty', '', /^Not a history: /],
  ['is something else', '{"name":"package"}', /^Not a history: /],
  ['is a list', '[1, 2]', /^Not a history: /],
  ['has no events', withEvents([]), /^It has no events\.$/],
  ['has lost its head', withEvents(history.events.slice(4)), /^Its first event is not the start of a workflow\.$/],
  ['has a gap', withEvents(history.events.toSpliced(9, 1)), /^Event 10 is missing: event 11 is in its place\.$/],
  ['has hardly begun', withEvents(history.events.slice(0, 2)), /^It has no completed workflow task, /],
])('a file that %s fails by name, and the others are still replayed', async (_, text, why) => {
  write('a-garbled.json', text);
  copyFileSync(GOOD, path.join(dir, 'b-good.json'));

  const outcome = await replay([dir, '--json']);

  expect(outcome.code).toBe(1);
  expect(reportIn(outcome)).toEqual({
    ok: false,
    replayed: 1,
    failed: [{ history: 'a-garbled.json', event: null, message: expect.stringMatching(why) }],
  });
});

test('a history of another workflow fails at its last event', async () => {
  write(
    'other.json',
    readFileSync(GOOD, 'utf8').replace('"workflowType":{"name":"checkout"}', '"workflowType":{"name":"returns"}'),
  );

  const { failed } = reportIn(await replay([dir, '--json']));

  expect(failed).toMatchObject([{ history: 'other.json', event: history.events.length }]);
  expect(failed[0]?.message).toContain("workflow of type 'returns'");
});

test('fails if a file of a released shape is missing, changed or added', async () => {
  const folder = path.join(dir, 'v0.1');
  mkdirSync(folder);
  for (const name of ['changed', 'gone', 'kept']) copyFileSync(GOOD, path.join(folder, `${name}.json`));
  release(folder);
  appendFileSync(path.join(folder, 'changed.json'), '\n');
  rmSync(path.join(folder, 'gone.json'));
  copyFileSync(GOOD, path.join(folder, 'added.json'));

  const { failed, replayed } = reportIn(await replay([dir, '--json']));

  expect(replayed).toBe(1);
  expect(failed.map(({ history: name, message }) => [name, message])).toEqual([
    ['v0.1/added.json', 'It is not listed in the RELEASED file beside it.'],
    ['v0.1/changed.json', 'It differs from what was released.'],
    ['v0.1/gone.json', 'It was released, and is missing.'],
  ]);
});

test('prints for people a line for each history, its failure below it, and the total', async () => {
  write('a.json', 'no JSON');
  copyFileSync(GOOD, path.join(dir, 'b.json'));

  const { stdout, stderr } = await replay([dir]);

  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    `Replaying the histories of ${dir}`,
    '',
    '  FAIL  a.json',
    expect.stringMatching(/^ {8}Not a history: /),
    `  ok    b.json  ${history.events.length} events`,
    '',
    expect.stringMatching(/^1 of 2 histories did not replay, in \d+\.\d s\.$/),
    '',
  ]);
});

test.each([
  [['nowhere']],
  [['--query', "CheckoutState = 'completed'"]],
  [['--limit', '5']],
  [['.', '--from-server']],
  [['--from-server', '--limit', '0']],
  [['--from-server', '--limit', 'many']],
  [['--bogus']],
  [['.', 'extra']],
])('rejects %j as wrong usage: exit 2, a message on standard error, nothing on standard output', async (args) => {
  const { code, stdout, stderr } = await replay(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
});
