/** What is counted of a sink, in the order in which it is shown. */
export const noFigures = () => ({
  /** That the log has for it. */
  events: 0,
  /** That its record has, duplicates and all. */
  deliveries: 0,
  duplicates: 0,
  missing: 0,
  outOfOrder: 0,
  changed: 0,
  uncommitted: 0,
  /** Not handed on yet, or parked. */
  pending: 0,
});

export type SinkFigures = ReturnType<typeof noFigures>;
