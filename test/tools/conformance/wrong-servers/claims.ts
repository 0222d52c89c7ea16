/** Which request has a key, and the result of executing it. */
export interface Claim<Result> {
  readonly fingerprint: string;
  readonly result: Result;
}

/** Executes once for a name, or returns what was executed for it. It records the fingerprint and does not judge it. */
export type Claims<Result> = (
  name: string,
  fingerprint: string,
  execute: () => Promise<Result>,
) => Promise<{ claim: Claim<Result>; first: boolean }>;

/** Correct: the key is taken in one step that cannot be undone, before anything is executed. */
export function healthyClaims<Result>(): Claims<Result> {
  const claims = new Map<string, { fingerprint: string; result: Promise<Result> }>();
  return async (name, fingerprint, execute) => {
    const earlier = claims.get(name);
    const { fingerprint: takenFor, result } = earlier ?? { fingerprint, result: execute() };
    if (!earlier) claims.set(name, { fingerprint, result });
    return { claim: { fingerprint: takenFor, result: await result }, first: !earlier };
  };
}
