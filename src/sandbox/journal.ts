import {
  closeSync,
  createReadStream,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { isEntry } from './entry';
import type { Answer, Entry } from './entry';

const NEWLINE = 0x0a;

/** What the caller of `append` knows; place and time are the journal's. */
export type NewEntry = Answer & Pick<Entry, 'provider' | 'operation' | 'key' | 'bodyDigest'>;

/**
 * The append-only store of one provider: everything the provider knows is a fold over these lines.
 *
 * A line is handed to the kernel before its answer goes out, so `kill -9` loses nothing that anybody was told. There is
 * no fsync: after a power cut a last line may be torn, and what it was about to say had reached nobody or the same disk.
 */
export class Journal {
  readonly #path: string;
  readonly #file: number;
  #size = 0;
  #seq = 0;

  /** Opens or creates the file and gives every line in it to `replay`, oldest first. */
  constructor(path: string, replay: (entry: Entry) => void, warn: (sentence: string) => void) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#file = openSync(path, 'a+');
    const bytes = readFileSync(path);
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, this.#size)) {
      replay(this.#parse(bytes.toString('utf8', this.#size, end)));
      this.#size = end + 1;
    }
    if (this.#size < bytes.length) {
      // No newline, so no answer went out for it and the caller will ask again. Cut, or the next line would be glued to it.
      warn(`${path}: dropped ${bytes.length - this.#size} bytes of a line that was never finished`);
      ftruncateSync(this.#file, this.#size);
    }
  }

  append(entry: NewEntry): Entry {
    // Another process on the same files would hand out a second authorization for a key of ours.
    if (fstatSync(this.#file).size !== this.#size)
      throw new Error(`${this.#path} was changed by somebody else: restart`);
    const { provider, operation, key, bodyDigest, ...answer } = entry;
    const at = new Date().toISOString();
    const line: Entry = { at, seq: this.#seq + 1, provider, operation, key, ...answer, bodyDigest };
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      writeFileSync(this.#file, bytes);
    } catch (cause) {
      // A full disk may have taken half a line.
      ftruncateSync(this.#file, this.#size);
      throw new Error(`${this.#path} cannot be written`, { cause });
    }
    this.#seq += 1;
    this.#size += bytes.length;
    return line;
  }

  /** The lines as they are now; what is appended while reading is left out. */
  read(): Readable {
    return this.#size === 0 ? Readable.from([]) : createReadStream(this.#path, { end: this.#size - 1 });
  }

  close(): void {
    closeSync(this.#file);
  }

  #parse(text: string): Entry {
    const seq = this.#seq + 1;
    const entry = parsed(text);
    // A hole in the middle may have been an authorization: rather no provider than one that forgot money.
    if (!isEntry(entry, seq)) throw new Error(`${this.#path}: line ${seq} is damaged; mend the file or move it away`);
    this.#seq = seq;
    return entry;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says which line it was.
    return undefined;
  }
}
