/** An RFC 9457 problem: the API's answer, or one of our own when no answer came. */
export interface ProblemDocument {
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  /** Absent when no HTTP answer came. */
  readonly status?: number;
}

/** Request timeout, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 429]);
const SERVER_FAILED = 500;

/** Why a command could not do what was asked; it can be printed as a sentence or as JSON. */
export class Problem extends Error {
  constructor(
    readonly document: ProblemDocument,
    options?: ErrorOptions,
  ) {
    super(document.detail ?? document.title, options);
  }

  /** True if the same call may succeed a moment later: no answer, overload, a failing server, the same call under way. */
  get mayPass(): boolean {
    const { code, status } = this.document;
    if (status === undefined) return code === 'unreachable';
    return PASSING.has(status) || status >= SERVER_FAILED || code === 'idempotency-key-in-use';
  }

  get sentence(): string {
    const { code, title, detail, status } = this.document;
    return `${titleAndDetail(title, detail)} (${code}${status === undefined ? '' : `, HTTP ${status}`})`;
  }
}

/** Title and detail as one sentence; a detail that begins with the title is enough by itself. */
export function titleAndDetail(title: string, detail: string | null | undefined): string {
  const more = detail?.replace(/\.$/, '') ?? '';
  if (more === '') return title;
  return more.startsWith(title) ? more : `${title}: ${more}`;
}
