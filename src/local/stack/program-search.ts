/** Where and how to search for the programs of a stack. */
export interface ProgramSearch {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called before something slow. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}
