/** Where and how programs that a stack needs are looked for. */
export interface ProgramSearch {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told before something that takes long. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}
