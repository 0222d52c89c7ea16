/** Where a system finds its events, and where it publishes them. */
export interface Site {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly stream: string;
}

/** Publishes committed events until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

export type Start = (site: Site) => Promise<Running>;

export const SYSTEMS = ['relay', 'floor', 'package'] as const;
export type System = (typeof SYSTEMS)[number];
