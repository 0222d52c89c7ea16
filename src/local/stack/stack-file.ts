import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { PartName } from './part-names';
import { writeFileAtomically } from './write-file-atomically';

/** Where everything is, for tools. It holds the database's password, so only its owner may read it. */
export interface StackFile {
  readonly api: string;
  readonly temporal: string;
  /** Null when Temporal is not ours and nobody said where its Web UI is. */
  readonly temporalUi: string | null;
  readonly postgres: string;
  readonly redis: string | null;
  readonly sandbox: string;
  /** The codec server's endpoint, its token included; null when payloads are not encrypted. */
  readonly codec: string | null;
  /** Of the processes that are ours. Where API and worker are one process, it is `api` and there is no `worker`. */
  readonly pids: Readonly<Partial<Record<PartName | 'start', number>>>;
}

const pathIn = (dataDir: string) => path.join(dataDir, 'stack.json');

/** Written once all is ready, and again when a part has another pid. */
export const writeStackFile = (dataDir: string, stack: StackFile): void =>
  writeFileAtomically(pathIn(dataDir), `${JSON.stringify(stack, null, 2)}\n`);

export const readStackFile = (dataDir: string): StackFile =>
  JSON.parse(readFileSync(pathIn(dataDir), 'utf8')) as StackFile;

export const removeStackFile = (dataDir: string): void => rmSync(pathIn(dataDir), { force: true });
