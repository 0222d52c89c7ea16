/** When a starting worker makes its build current: `on` always, `off` never, `new` if the build is new. */
export type Promote = 'on' | 'new' | 'off';

export interface Standing {
  /** This build already takes new checkouts. */
  readonly isCurrent: boolean;
  /** It takes them, or took them before. */
  readonly wasCurrent: boolean;
  /** The current build has no worker. */
  readonly currentIsGone: boolean;
}

/**
 * A build that was never current is new, and becomes current. One that was current before was replaced on purpose: when its worker restarts
 * after a crash it must not undo that decision, unless nobody else would take new checkouts.
 */
export function shouldPromote(promote: Promote, { isCurrent, wasCurrent, currentIsGone }: Standing): boolean {
  if (isCurrent || promote === 'off') return false;
  return promote === 'on' || !wasCurrent || currentIsGone;
}
