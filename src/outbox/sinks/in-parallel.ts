/** Works on `most` items at once. Fails as the first one that failed, and not before all others are through: nothing goes on behind it. */
export async function inParallel<T>(items: Iterable<T>, most: number, work: (item: T) => Promise<void>): Promise<void> {
  // All hands take from the same pile.
  const pile = [...items].values();
  const hand = async () => {
    for (const item of pile) await work(item);
  };
  const hands = await Promise.allSettled(Array.from({ length: most }, hand));
  const failed = hands.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
