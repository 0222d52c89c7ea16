/** Who has a key: for which request, and what was executed for it. */
export interface Claim<Result> {
  readonly fingerprint: string;
  readonly result: Result;
}

/** Executes once for a name, or finds what was executed for it. The fingerprint is kept, not judged. */
export type Claims<Result> = (
  name: string,
  fingerprint: string,
  execute: () => Promise<Result>,
) => Promise<{ claim: Claim<Result>; first: boolean }>;

/** As it should be: the key is taken in one step that cannot be undone, before anything is executed. */
export function healthyClaims<Result>(): Claims<Result> {
  const claims = new Map<string, { fingerprint: string; result: Promise<Result> }>();
  return async (name, fingerprint, execute) => {
    const earlier = claims.get(name);
    const { fingerprint: takenFor, result } = earlier ?? { fingerprint, result: execute() };
    if (!earlier) claims.set(name, { fingerprint, result });
    return { claim: { fingerprint: takenFor, result: await result }, first: !earlier };
  };
}
