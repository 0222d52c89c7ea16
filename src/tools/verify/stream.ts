/** What a check reads: a journal that is too long for memory, or the hand-made one of a test. */
export type Stream<T> = AsyncIterable<T> | Iterable<T>;
