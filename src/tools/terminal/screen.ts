/** A terminal, a pipe or a file. */
export type Screen = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

export interface Streams {
  readonly stdout: Screen;
  readonly stderr: Screen;
}
