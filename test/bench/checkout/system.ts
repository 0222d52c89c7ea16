/** Where a system finds the servers that it shares with the others. */
export interface Site {
  readonly api: string;
  readonly temporal: string;
  /** Our own database, and `npm start` has put the sandbox's catalog into it. */
  readonly databaseUrl: string;
  /** Of the seven steps that all others take, in the same Postgres. */
  readonly stepsUrl: string;
  readonly dbosUrl: string;
  readonly restate: { readonly ingress: string; readonly admin: string } | null;
}

/** Takes a checkout as far as is measured, and rejects unless it gets there. */
export interface Running {
  one(id: string): Promise<void>;
  /** Resolves when nothing is left to do behind the answers: the next system would be measured beside it. */
  settle?(): Promise<void>;
}

export type Start = (site: Site) => Promise<Running>;

/** What takes a checkout to its end. */
export const SYSTEMS = ['http', 'apart', 'direct', 'naive', 'local', 'idle', 'empty', 'dbos', 'restate'] as const;
/** What only takes it in. */
export const ACCEPTING = ['accept', 'start'] as const;
export type System = (typeof SYSTEMS)[number] | (typeof ACCEPTING)[number];

/** What the parent has a system's process do. */
export type Order = { readonly start: Site } | { readonly load: Load };

export interface Load {
  readonly concurrency: number;
  readonly warmUpMs: number;
  readonly ms: number;
  /** Whose processor time and memory is taken beside its own, by what they are. */
  readonly pids: Readonly<Record<string, number>>;
}

/** What a system's process answers. */
export type Answer = { readonly done: Loaded | null } | { readonly failed: string };

/** One load, as the process that drove it saw it. */
export interface Loaded {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor milliseconds for one checkout, and the most memory seen, by process. */
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly peakMbByProcess: Readonly<Record<string, number>>;
}
