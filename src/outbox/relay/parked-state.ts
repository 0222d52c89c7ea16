import type { ParkedState } from '../../domain/parked-states';

/** Which rows of `outbox_parked` are in which state; the one for `dead` is that of its index. */
export const PARKED: Readonly<Record<ParkedState, string>> = {
  waiting: 'next_attempt_at is not null',
  behind: 'next_attempt_at is null and attempts = 0',
  dead: 'next_attempt_at is null and attempts > 0',
};
