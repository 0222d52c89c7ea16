import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { PartName } from './part-names';
import { writeFileAtomically } from './write-file-atomically';

/** Tells tools where everything is. It contains the database's password and other secrets, so only its owner may read it. */
export interface StackFile {
  readonly api: string;
  readonly temporal: string;
  /** Null if Temporal is the user's own and TEMPORAL_UI_URL is not set. */
  readonly temporalUi: string | null;
  readonly postgres: string;
  readonly redis: string | null;
  readonly sandbox: string;
  /** Calls of the sandbox providers are signed with it; empty if they need no signature. */
  readonly sandboxSecret: string;
  /** The path of `PROVIDERS_FILE`, absolute, if one is set. */
  readonly providersFile?: string;
  /** The codec server's endpoint, including its token; null if payloads are not encrypted. */
  readonly codec: string | null;
  /** The stack's own processes. If API and worker are one process, it is `api`, and there is no `worker`. */
  readonly pids: Readonly<Partial<Record<PartName | 'start', number>>>;
}

const pathIn = (dataDir: string) => path.join(dataDir, 'stack.json');

/** Written once everything is ready, and again whenever a pid changes. */
export const writeStackFile = (dataDir: string, stack: StackFile): void =>
  writeFileAtomically(pathIn(dataDir), `${JSON.stringify(stack, null, 2)}\n`);

export const readStackFile = (dataDir: string): StackFile =>
  JSON.parse(readFileSync(pathIn(dataDir), 'utf8')) as StackFile;

export const removeStackFile = (dataDir: string): void => rmSync(pathIn(dataDir), { force: true });
