/** What a block of an event stream was about. */
export interface Block {
  /** Undefined for a comment, which only says that the other side is alive. */
  readonly event: string | undefined;
  /** Undefined for what is not resumed behind. */
  readonly id: string | undefined;
}

/** In characters. The API sends nothing that comes near it. */
const LONGEST_BLOCK = 1024 * 1024;

/** Reads server-sent events as they arrive, in pieces of any size; calls `onEndless` for one that does not come to its end. The data is skipped: who watches asks for the checkout itself. */
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
