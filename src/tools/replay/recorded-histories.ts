import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import type { Candidate, Source } from './candidate';
import { changesSinceRelease, historiesIn, isReleased } from './released-shape';
import type { Change } from './released-shape';

/** The histories below a directory, as `temporal workflow show --output json` and the Web UI save them. */
export function recordedHistories(dir: string): Source {
  const files = foldersIn(dir).flatMap((folder) => filesIn(folder));
  return { title: `of ${dir}`, total: files.length, candidates: readAll(dir, files) };
}

interface RecordedFile {
  readonly file: string;
  readonly change?: Change | undefined;
}

const foldersIn = (dir: string): string[] => [
  dir,
  ...readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort(),
];

/** The files that are there, and those that a manifest says should be. */
function filesIn(folder: string): RecordedFile[] {
  const changes = isReleased(folder) ? changesSinceRelease(folder) : [];
  const names = new Set([...historiesIn(folder), ...changes.map(({ file }) => file)]);
  return [...names]
    .sort()
    .map((name) => ({ file: path.join(folder, name), change: changes.find(({ file }) => file === name) }));
}

async function* readAll(dir: string, files: readonly RecordedFile[]): AsyncGenerator<Candidate> {
  for (const { file, change } of files) {
    const name = path.relative(dir, file);
    yield change ? { name, unreadable: change.what } : read(name, file);
  }
}

function read(name: string, file: string): Candidate {
  try {
    const history = historyFromJSON(JSON.parse(readFileSync(file, 'utf8')));
    return { name, workflowId: path.basename(file, '.json'), history };
  } catch (error) {
    return { name, unreadable: `Not a history: ${(error as Error).message}` };
  }
}
