/** Works on `most` items concurrently. Throws the first failure, but only after all other work has ended: nothing is left running. */
export async function inParallel<T>(items: Iterable<T>, most: number, work: (item: T) => Promise<void>): Promise<void> {
  // All workers take from the same iterator.
  const queue = [...items].values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  const workers = await Promise.allSettled(Array.from({ length: most }, worker));
  const failed = workers.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
