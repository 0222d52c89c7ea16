/** What a block of an event stream was about. */
export interface Block {
  /** Undefined for a comment, which only says that the other side is alive. */
  readonly event: string | undefined;
  /** Absent from what is not resumed after. */
  readonly id: string | undefined;
}

const LINE = /\r\n|\r|\n/;
const END_OF_BLOCK = /(?:\r\n|\r(?!\n)|\n){2}/;

/** Reads server-sent events as they arrive, in pieces of any size; whoever watches asks for the checkout itself, so data is skipped. */
export function blockReader(): (piece: string) => Block[] {
  let rest = '';
  return (piece) => {
    const blocks = `${rest}${piece}`.split(END_OF_BLOCK);
    // A line break at the very end may be half of one, and is decided with the next piece.
    rest = blocks.pop() ?? '';
    return blocks.map((text) => {
      const fields = new Map(text.split(LINE).map(fieldOf));
      return { event: fields.has('data') ? (fields.get('event') ?? 'message') : undefined, id: fields.get('id') };
    });
  };
}

function fieldOf(line: string): readonly [string, string] {
  const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
  return [name, value];
}
