import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { historiesIn } from '../../../src/tools/replay/released-shape';
import { CORPUS, folderOf, laneFolders } from './corpus';
import { quietRuntime } from '../../support/quiet-runtime';
import { replay, reportIn } from './replay';
import { SCENARIOS } from './scenarios';

beforeAll(quietRuntime);

const SHAPES = readdirSync(CORPUS);
const FILES = SHAPES.flatMap((shape) => historiesIn(folderOf(shape)).map((file) => path.join(shape, file)));

test('every recorded history of every shape replays', async () => {
  const outcome = await replay(['--json']);

  expect(reportIn(outcome)).toEqual({ ok: true, replayed: FILES.length, failed: [] });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
});

test.each(laneFolders())(
  '%s lane has a history for each scenario; if not, run `npm run replay:record`',
  (_, folder) => {
    const recorded = historiesIn(folder);

    expect(recorded).toEqual(SCENARIOS.map(({ name }) => `${name}.json`).sort());
  },
);

test.each(FILES)('%s is one line, and reveals nothing about the machine it was recorded on', (file) => {
  const text = readFileSync(path.join(CORPUS, file), 'utf8');
  const inPayloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString(),
  );

  expect(text.trimEnd()).not.toContain('\n');
  expect([text, ...inPayloads].join('\n')).not.toMatch(/[\w-]\.[jt]s:\d|node_modules|"identity":"(?!recorder)/);
});
