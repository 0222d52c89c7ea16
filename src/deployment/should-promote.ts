/**
 * When a worker that starts makes its build the current one: `on` always, `off` never, `new` if the build is new.
 */
export type Promote = 'on' | 'new' | 'off';

export interface Standing {
  /** This build already takes the new checkouts. */
  readonly isCurrent: boolean;
  /** It did so at some time. */
  readonly wasCurrent: boolean;
  /** Nobody works for the build that is current now. */
  readonly currentIsGone: boolean;
}

/**
 * A build that was never current is new, and becomes current. One that was, and is no more, lost that on purpose: its worker that
 * crashed and comes back must not undo what somebody decided meanwhile, unless nobody would take new checkouts otherwise.
 */
export function shouldPromote(promote: Promote, { isCurrent, wasCurrent, currentIsGone }: Standing): boolean {
  if (isCurrent || promote === 'off') return false;
  return promote === 'on' || !wasCurrent || currentIsGone;
}
