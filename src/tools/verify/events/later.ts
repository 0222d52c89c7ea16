/** What Postgres says about orders when it is asked again: a record keeps growing while it is read. */
export interface Later {
  /** By checkout and sequence: `chk_1/3`. */
  readonly events: ReadonlyMap<string, { readonly id: string; readonly type: string; readonly digest: string }>;
  /** Orders so old that the log may have dropped some of their events. */
  readonly older: ReadonlySet<string>;
}

export type AskLater = (checkoutIds: readonly string[]) => Promise<Later>;
