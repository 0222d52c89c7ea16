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

const NEWLINE = 0x0a;

/** The place and time of a line, which the journal adds to every line. */
export interface Place {
  readonly at: string;
  /** 1, 2, 3 … within a journal. */
  readonly seq: number;
}

export interface JournalOptions<New> {
  /** Whether a line that was read is one of ours, in its place. */
  readonly isLine: (value: unknown, seq: number) => value is New & Place;
  /** Called with every line that is already there, oldest first. */
  readonly replay: (line: New & Place) => void;
  readonly warn: (sentence: string) => void;
}

/**
 * The append-only store of one provider: everything the provider knows is a fold over these lines.
 *
 * A line is handed to the kernel before its answer is sent, so `kill -9` loses nothing that a client was told. There is
 * no fsync: after a power cut the last line may be torn, but whoever received its answer was on the same machine.
 */
export class Journal<New extends object> {
  readonly #path: string;
  readonly #file: number;
  #size = 0;
  #seq = 0;

  /** Opens or creates the file. */
  constructor(
    path: string,
    private readonly options: JournalOptions<New>,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#file = openSync(path, 'a+');
    const bytes = readFileSync(path);
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, this.#size)) {
      options.replay(this.#parse(bytes.toString('utf8', this.#size, end)));
      this.#size = end + 1;
    }
    if (this.#size < bytes.length) {
      // No newline, so no answer was sent and the caller will retry. It is cut off, or the next line would be glued to it.
      options.warn(`${path}: dropped ${bytes.length - this.#size} bytes of a line that was never finished`);
      ftruncateSync(this.#file, this.#size);
    }
  }

  append(entry: New): New & Place {
    // Another process on the same files could give out a second authorization for the same key.
    if (fstatSync(this.#file).size !== this.#size)
      throw new Error(`${this.#path} was changed by another process: restart`);
    // eslint-disable-next-line no-restricted-syntax -- a provider's own log, with its own clock
    const line = { at: new Date().toISOString(), seq: this.#seq + 1, ...entry };
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

  #parse(text: string): New & Place {
    const seq = this.#seq + 1;
    const line = parsed(text);
    // A damaged line may have been an authorization: better no provider than one that forgets money.
    if (!this.options.isLine(line, seq))
      throw new Error(`${this.#path}: line ${seq} is damaged; repair the file or move it away`);
    this.#seq = seq;
    return line;
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
