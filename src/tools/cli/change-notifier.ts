import type { Bookmark } from './event-stream';
import { Problem } from '../terminal/problem';

/** Opens a stream after a bookmark. Each value means that something may have changed, and is the next bookmark. */
export type OpenStream = (from: Bookmark) => AsyncGenerator<Bookmark, void>;

/** Waits for something to happen to a checkout, and reopens the stream when it ends. */
export class ChangeNotifier {
  #stream: AsyncGenerator<Bookmark, void> | undefined;
  #bookmark: Bookmark;
  #canOpen = true;

  constructor(private readonly open: OpenStream) {}

  /** True once something happened; false if it cannot tell, because the stream broke or there is none. */
  async wait(): Promise<boolean> {
    if (!this.#canOpen) return false;
    this.#stream ??= this.open(this.#bookmark);
    try {
      const next = await this.#stream.next();
      if (!next.done) {
        this.#bookmark = next.value;
        return true;
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // A proxy that does not let the stream through now will not do so later.
      this.#canOpen = error.mayPass;
    }
    this.#stream = undefined;
    return false;
  }

  async close(): Promise<void> {
    await this.#stream?.return(undefined);
  }
}
