/** What is tested does not do what the row says. */
export class Violation extends Error {}

/** The check needs something that it was not given. */
export class NotObserved extends Error {}

export function must(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Violation(sentence);
}
