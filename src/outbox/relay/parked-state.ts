import type { ParkedState } from '../../domain/parked-states';

/** The condition on `outbox_parked` for each state; its partial index has the one for `dead`. */
export const PARKED: Readonly<Record<ParkedState, string>> = {
  waiting: 'next_attempt_at is not null',
  behind: 'next_attempt_at is null and attempts = 0',
  dead: 'next_attempt_at is null and attempts > 0',
};
