/** A system with so many finished orders in Postgres. */
export const GROWN = /At(\d+)$/;
/** A system after so many checkouts. */
export const ENDURED = /After(\d+)$/;

export const nameAt = (system: string, size: number): string => `${system}At${size}`;
export const nameAfter = (system: string, checkouts: number): string => `${system}After${Math.round(checkouts)}`;

/** The system, whatever it was measured under. */
export const plainName = (name: string): string => name.replace(GROWN, '').replace(ENDURED, '');
