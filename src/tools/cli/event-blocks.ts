/** A block of an event stream, without its data. */
export interface Block {
  /** Undefined for a comment, which only keeps the connection alive. */
  readonly event: string | undefined;
  /** Undefined if the stream cannot be resumed after this block. */
  readonly id: string | undefined;
}

/** In characters. Nothing the API sends comes near it. */
const LONGEST_BLOCK = 1024 * 1024;

/**
 * Reads server-sent events as they arrive, in pieces of any size; calls `onEndless` for a block that grows without end. The data is
 * skipped: a watcher fetches the checkout itself.
 */
export function blockReader(onEndless: () => void): (piece: string) => Block[] {
  let begun = '';
  return (piece) => {
    const texts = `${begun}${piece}`.split(/\r?\n\r?\n/);
    begun = texts.pop() ?? '';
    if (begun.length > LONGEST_BLOCK) onEndless();
    return texts.map(blockOf);
  };
}

function blockOf(text: string): Block {
  const fields = new Map(text.split(/\r?\n/).map(fieldOf));
  return { event: fields.has('data') ? (fields.get('event') ?? 'message') : undefined, id: fields.get('id') };
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
