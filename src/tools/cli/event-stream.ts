import { blockReader } from './event-blocks';
import { endless, notOurApi, problemFromResponse, unreachable } from './problem-from-response';
import { Problem } from '../terminal/problem';
import { parsed, readAnswer } from './read-answer';

/** An answer this late counts as none. */
const OPENING_MS = 10_000;
/** The API sends something every 15 seconds. */
const SILENCE_MS = 45_000;
const EVENT_STREAM = /^text\/event-stream\b/;
const STREAMED = 200;
/** The first event is the checkout as it was when the stream was opened: nothing has happened. */
const SNAPSHOT = 'checkout';

/** The `id` after which a stream is resumed; undefined means from the beginning. */
export type Bookmark = string | undefined;

interface Endpoint {
  readonly url: string;
  readonly path: string;
  readonly apiKey: string;
}

/**
 * Yields each time something may have happened: the bookmark to resume from if the stream breaks. Ends when the API ends it; throws a
 * `Problem` if it cannot be opened or breaks.
 */
export async function* eventStream(endpoint: Endpoint, from: Bookmark): AsyncGenerator<Bookmark, void> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new DOMException('Nothing came', 'TimeoutError'));
  let timer = setTimeout(giveUp, OPENING_MS);
  let bookmark = from;
  try {
    const body = await open(endpoint, from, silence.signal);
    const blocksIn = blockReader(() => {
      throw endless(endpoint.url, STREAMED);
    });
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      const blocks = blocksIn(piece).filter(({ event }) => event !== SNAPSHOT);
      bookmark = blocks.findLast(({ id }) => id !== undefined)?.id ?? bookmark;
      // A comment counts too: an extra look every now and then is cheap, and misses nothing.
      if (blocks.length > 0) yield bookmark;
    }
  } catch (error) {
    throw error instanceof Problem ? error : unreachable(endpoint.url, error);
  } finally {
    clearTimeout(timer);
    silence.abort();
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
