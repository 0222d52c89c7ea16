/** What a check reads: a journal too long for memory, or the array of a test. */
export type Stream<T> = AsyncIterable<T> | Iterable<T>;
