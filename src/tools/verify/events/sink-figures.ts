/** The counts of a sink, in the order of the report. */
export const noFigures = () => ({
  /** Events in the log for this sink. */
  events: 0,
  /** Deliveries in its record, duplicates included. */
  deliveries: 0,
  duplicates: 0,
  missing: 0,
  outOfOrder: 0,
  changed: 0,
  uncommitted: 0,
  /** Not delivered yet, or parked. */
  pending: 0,
});

export type SinkFigures = ReturnType<typeof noFigures>;
