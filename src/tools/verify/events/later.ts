/** What Postgres says about orders when it is asked once more: a record goes on growing while it is read. */
export interface Later {
  /** By checkout and number: `chk_1/3`. */
  readonly events: ReadonlyMap<string, { readonly id: string; readonly type: string; readonly digest: string }>;
  /** Orders so old that the log may have dropped days of theirs. */
  readonly older: ReadonlySet<string>;
}

export type AskLater = (checkoutIds: readonly string[]) => Promise<Later>;
