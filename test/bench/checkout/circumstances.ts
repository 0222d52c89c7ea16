/** A system with this many finished orders in Postgres. */
export const GROWN = /At(\d+)$/;
/** A system after this many checkouts. */
export const ENDURED = /After(\d+)$/;

export const nameAt = (system: string, size: number): string => `${system}At${size}`;
export const nameAfter = (system: string, checkouts: number): string => `${system}After${Math.round(checkouts)}`;

/** The name of the system without its circumstances. */
export const plainName = (name: string): string => name.replace(GROWN, '').replace(ENDURED, '');
