/** What a block of an event stream was about. */
export interface Block {
  /** Undefined for a comment, which only says that the other side is alive. */
  readonly event: string | undefined;
  /** Undefined for what is not resumed behind. */
  readonly id: string | undefined;
}

/** Reads server-sent events as they arrive, in pieces of any size. The data is skipped: who watches asks for the checkout itself. */
export function blockReader(): (piece: string) => Block[] {
  let begun = '';
  return (piece) => {
    const texts = `${begun}${piece}`.split(/\r?\n\r?\n/);
    begun = texts.pop() ?? '';
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
