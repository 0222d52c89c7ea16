/** What a stack is made of. An address of one's own, where there is one, takes the place of the embedded part. */
export interface StackSettings {
  readonly host: string;
  /** 0 means any free port, for all parts: a stack for tests stays clear of the one a person runs. */
  readonly port: number;
  readonly sandboxPort: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUi: string;
  readonly temporalNamespace: string;
  /** `off` for none. */
  readonly redisUrl: string;
  /** Passed on to the parts. */
  readonly env: NodeJS.ProcessEnv;
}

export const sandboxKeysOf = (settings: StackSettings): 'on' | 'off' => (settings.databaseUrl === '' ? 'on' : 'off');
