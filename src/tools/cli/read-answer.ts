import { endless } from './problem-from-response';

/** More than a thousand dead letters, or what waits for operators on the worst of days, ever is. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The text of an answer; one that does not come to an end is a `Problem`, and is not kept in memory. */
export async function readAnswer(url: string, response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // The DOM's own types know of no iteration.
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw endless(url, response.status);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** What JSON it is; undefined for none: another program's page, or a proxy's, and the caller says what that stands for. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // There is nothing else to know about it.
    return undefined;
  }
}
