/** Table rows as lines, each column as wide as its widest cell. */
export function inColumns(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `2026-01-02 03:04:05` of an ISO 8601 moment in UTC. */
export const secondOf = (moment: string): string => `${moment.slice(0, 10)} ${moment.slice(11, 19)}`;

/** `2026-01-02 03:04` of an ISO 8601 moment in UTC. */
export const minuteOf = (moment: string): string => `${moment.slice(0, 10)} ${moment.slice(11, 16)}`;
