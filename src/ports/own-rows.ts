/**
 * What a port changes in our own database. A step's statement writes it together with the step, so both are committed or neither: no answer
 * can be lost in between, and it costs no round trip.
 */
export interface OwnRows {
  /**
   * Statements by name, each for the rows of one table. They read the order from `mine`, which has its `id`, `tenant` and `request` and the
   * step's `result`, and they may read each other's returned rows.
   */
  readonly rows: Readonly<Record<string, string>>;
  /**
   * A condition without which nothing is written (`$1` is the checkout). It is read without a lock, so it proves nothing and only saves an
   * attempt that would fail.
   */
  readonly provided?: string;
}
