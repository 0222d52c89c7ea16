import { types } from 'node:util';
import type { LogFn, Logger } from 'pino';

/** Long enough to keep a log small, short enough to see what goes on. */
const TELL_EVERY_MS = 10_000;
/** Bounds the memory; what else there is counts as one kind. */
const MOST_KINDS = 1_000;
/** The process ends with it: there is only one. */
const FATAL = 60;
/** Of one case only: what happens to a thousand orders is one kind of thing. */
const OF_ONE_CASE = ['err', 'requestId', 'checkoutId', 'failures', 'replay', 'workflowId', 'runId', 'activityId'];

type Line = Parameters<LogFn>;

interface Kind {
  repeated: number;
  tell: () => void;
}

/**
 * Keeps a log from being filled by what happens again and again, as anybody can make happen who is refused often enough. Of the lines about
 * errors the first of each kind is written at once; those after it are counted, and the last of them is written every ten seconds, with
 * `repeated`. A kind is what is said, at which level, with which fields, about which error from which place in the code.
 */
export class RepeatedLines {
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly everyMs = TELL_EVERY_MS) {}

  /** A pino hook. */
  readonly logMethod = (logger: Logger, line: Line, write: LogFn, level: number): void => {
    const [first, message] = line as [unknown, string | undefined];
    const fields = (types.isNativeError(first) ? { err: first } : first) as Readonly<Record<string, unknown>>;
    const isAboutError = typeof first === 'object' && first !== null && types.isNativeError(fields['err']);
    if (!isAboutError || level >= FATAL) return write.apply(logger, line);
    const kind = this.#kindOf(`${level} ${message} ${kindOf(fields)}`, String(level));
    if (!kind) return write.apply(logger, line);
    kind.repeated += 1;
    kind.tell = () => write.apply(logger, [{ ...fields, repeated: kind.repeated }, message]);
  };

  /** Tells what was counted and not yet told. */
  readonly flush = (): void => {
    for (const [name, kind] of [...this.#kinds]) {
      if (kind.repeated === 0) this.#kinds.delete(name);
      else kind.tell();
      kind.repeated = 0;
    }
    if (this.#kinds.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  };

  /** Undefined for the first one. */
  #kindOf(name: string, rest: string): Kind | undefined {
    const known = this.#kinds.has(name) || this.#kinds.size < MOST_KINDS ? name : rest;
    const kind = this.#kinds.get(known);
    if (!kind) this.#kinds.set(known, { repeated: 0, tell: () => undefined });
    this.#timer ??= setInterval(this.flush, this.everyMs).unref();
    return kind;
  }
}

function kindOf(fields: Readonly<Record<string, unknown>>): string {
  const own = Object.entries(fields).filter(
    ([name, value]) => !OF_ONE_CASE.includes(name) && typeof value !== 'object',
  );
  return `${JSON.stringify(own)} ${errorKindOf(fields['err'])}`;
}

/** Not by its message, which may tell of what was sent. */
function errorKindOf(error: unknown): string {
  if (!types.isNativeError(error)) return '';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const place = places.find((line) => !/node_modules|node:/.test(line)) ?? places[0] ?? '';
  const code = 'code' in error ? String(error.code) : '';
  return [error.name, code, place.trim(), errorKindOf(error.cause)].join(' ');
}
