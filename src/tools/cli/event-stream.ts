import { blockReader } from './event-blocks';
import { endless, notOurApi, problemFromResponse, unreachable } from './problem-from-response';
import { Problem } from '../terminal/problem';
import { parsed, readAnswer } from './read-answer';

/** An answer this late is none. */
const OPENING_MS = 10_000;
/** The API says something every 15 seconds. */
const SILENCE_MS = 45_000;
const EVENT_STREAM = /^text\/event-stream\b/;
/** The status of a stream. */
const STREAMED = 200;
/** The first event shows the checkout as it is; nothing has happened. */
const SNAPSHOT = 'checkout';

/** The `id` behind which a stream is resumed; undefined for its beginning. */
export type Bookmark = string | undefined;

interface Endpoint {
  readonly url: string;
  readonly path: string;
  readonly apiKey: string;
}

/**
 * Tells each time that something may have happened, and where to resume if the stream breaks. Ends when the API ends it; throws a
 * `Problem` if it cannot be opened or breaks.
 */
export async function* eventStream(endpoint: Endpoint, from: Bookmark): AsyncGenerator<Bookmark, void> {
  const patience = new AbortController();
  const giveUp = () => patience.abort(new DOMException('Nothing came', 'TimeoutError'));
  let timer = setTimeout(giveUp, OPENING_MS);
  let bookmark = from;
  try {
    const body = await open(endpoint, from, patience.signal);
    const blocksIn = blockReader(() => {
      throw endless(endpoint.url, STREAMED);
    });
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      const blocks = blocksIn(piece).filter(({ event }) => event !== SNAPSHOT);
      bookmark = blocks.findLast(({ id }) => id !== undefined)?.id ?? bookmark;
      // A comment counts as well: looking once in a while costs nothing and trusts nobody.
      if (blocks.length > 0) yield bookmark;
    }
  } catch (error) {
    throw error instanceof Problem ? error : unreachable(endpoint.url, error);
  } finally {
    clearTimeout(timer);
    patience.abort();
  }
}

async function open({ url, path, apiKey }: Endpoint, from: Bookmark, signal: AbortSignal) {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${apiKey}` };
  const resume = from === undefined ? {} : { 'last-event-id': from };
  const response = await fetch(`${url}${path}`, { headers: { ...headers, ...resume }, signal });
  if (!response.ok) throw problemFromResponse(response.status, parsed(await readAnswer(url, response)));
  const { body } = response;
  if (!body || !EVENT_STREAM.test(response.headers.get('content-type') ?? '')) throw notOurApi(url, response.status);
  return body;
}
