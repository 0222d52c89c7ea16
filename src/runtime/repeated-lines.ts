import { types } from 'node:util';
import type { LogFn, Logger } from 'pino';

/** Long enough to keep a log small, short enough to see what is going on. */
const TELL_EVERY_MS = 10_000;
/** Bounds the memory; beyond it, all other lines of one level count as one kind. */
const MOST_KINDS = 1_000;
/** A fatal line ends the process, so it never repeats. */
const FATAL = 60;
/** Fields of a single case: the same failure of a thousand orders is one kind. */
const OF_ONE_CASE = ['err', 'requestId', 'checkoutId', 'failures', 'replay', 'workflowId', 'runId', 'activityId'];

type Line = Parameters<LogFn>;

interface Kind {
  repeated: number;
  tell: () => void;
}

/**
 * Keeps repeated errors, which any client can cause, from filling the log. The first error line of each kind is written immediately; later
 * ones are counted, and every ten seconds the last one is written with their number in `repeated`. Lines are of one kind if they have the
 * same message, level and fields, and an error from the same place in the code.
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

  /** Writes what was counted and not yet reported. */
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

  /** Undefined for the first line of its kind. */
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

/** Ignores the message, which may contain what was sent. */
function errorKindOf(error: unknown): string {
  if (!types.isNativeError(error)) return '';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const place = places.find((line) => !/node_modules|node:/.test(line)) ?? places[0] ?? '';
  const code = 'code' in error ? String(error.code) : '';
  return [error.name, code, place.trim(), errorKindOf(error.cause)].join(' ');
}
