import { readFileSync } from 'node:fs';
import { processIdentity } from './process-identity';
import { writeFileAtomically } from './write-file-atomically';

export interface RecordedProcess {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

/** A file of the processes that a stack spawned, so that a start after `kill -9` finds what was left behind. */
export class ProcessRegistry {
  constructor(readonly file: string) {}

  record(name: string, pid: number): void {
    const identity = processIdentity(pid);
    // Already dead: there will be nothing to end.
    if (identity === undefined) return;
    this.#write([...this.#read().filter((process) => process.pid !== pid), { name, pid, identity }]);
  }

  forget(pid: number): void {
    this.#write(this.#read().filter((process) => process.pid !== pid));
  }

  clear(): void {
    this.#write([]);
  }

  /** The ones still running. A pid that now belongs to another process is not among them. */
  living(): RecordedProcess[] {
    return this.#read().filter(({ pid, identity }) => processIdentity(pid) === identity);
  }

  #read(): RecordedProcess[] {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as RecordedProcess[];
    } catch {
      return []; // the first start in this directory
    }
  }

  #write(processes: RecordedProcess[]): void {
    writeFileAtomically(this.file, `${JSON.stringify(processes, null, 2)}\n`);
  }
}
