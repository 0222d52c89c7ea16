/** Where a system finds the servers that it shares with the others. */
export interface Site {
  readonly api: string;
  readonly temporal: string;
  /** Our own database, which already has the sandbox catalog. */
  readonly databaseUrl: string;
  /** The database of the seven steps of all others, in the same Postgres. */
  readonly stepsUrl: string;
  readonly dbosUrl: string;
  readonly restate: { readonly ingress: string; readonly admin: string } | null;
}

/** Runs one checkout as far as is measured; rejects if it does not get there. */
export interface Running {
  one(id: string): Promise<void>;
  /** Resolves when no work is left after the answers; otherwise it would disturb the next system. */
  settle?(): Promise<void>;
}

export type Start = (site: Site) => Promise<Running>;

/** Systems that take a checkout to its end. */
export const SYSTEMS = ['http', 'apart', 'direct', 'naive', 'local', 'idle', 'empty', 'dbos', 'restate'] as const;
/** Systems that only accept it. */
export const ACCEPTING = ['accept', 'start'] as const;
export type System = (typeof SYSTEMS)[number] | (typeof ACCEPTING)[number];

/** What the parent tells a system's process to do. */
export type Order = { readonly start: Site } | { readonly load: Load };

export interface Load {
  readonly concurrency: number;
  readonly warmUpMs: number;
  readonly ms: number;
  /** The processes whose processor time and memory are measured, by role. */
  readonly pids: Readonly<Record<string, number>>;
}

/** What a system's process answers. */
export type Answer = { readonly done: Loaded | null } | { readonly failed: string };

/** One load, as the process that drove it saw it. */
export interface Loaded {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor milliseconds per checkout, and peak memory, by process. */
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly peakMbByProcess: Readonly<Record<string, number>>;
}
