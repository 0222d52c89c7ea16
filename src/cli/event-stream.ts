import { blockReader } from './event-blocks';
import { notOurApi, problemFrom, unreachable } from './problems-met';

/** The API says something every 15 seconds. */
const SILENCE_MS = 45_000;

/** Where a stream was left, to be resumed there; opaque. */
export type Bookmark = string | undefined;

/**
 * Tells that something happened to a checkout, each time with the place to resume at. Ends when the API ends it; throws a `Problem`
 * if the stream cannot be opened or breaks.
 */
export async function* eventStream(
  { url, path, apiKey }: { readonly url: string; readonly path: string; readonly apiKey: string },
  from: Bookmark,
): AsyncGenerator<Bookmark> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new DOMException('Nothing came', 'TimeoutError')), SILENCE_MS);
  let bookmark = from;
  try {
    const resume: Record<string, string> = from === undefined ? {} : { 'last-event-id': from };
    const response = await fetch(`${url}${path}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${apiKey}`, ...resume },
      signal: silence.signal,
    });
    if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => undefined));
    if (response.status === ENDED) return;
    ...
  }
}
