import { endless } from './problem-from-response';

/** More than a thousand dead letters, or the attention list of the worst day, will ever take. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The text of an answer. An endless one is a `Problem`, and is not kept in memory. */
export async function readAnswer(url: string, response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // The DOM types do not say that a body can be iterated.
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw endless(url, response.status);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** The value of a JSON text; undefined for any other, such as a proxy's page: the caller decides what that means. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: nothing else matters about it.
    return undefined;
  }
}
